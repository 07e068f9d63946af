import { PinokioError } from "../protocol/errors.js";

const LOOK_EVERY_MS = 500;

/** Work that ends when nobody is there any more to see what comes of it. */
export async function whileWatched<Value>(
  isWatched: () => boolean,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const ending = new AbortController();
  const timer = setInterval(() => {
    if (!isWatched()) ending.abort(new PinokioError("not-connected", "Nobody waits for this any more"));
  }, LOOK_EVERY_MS);
  timer.unref();
  try {
    return await work(ending.signal);
  } finally {
    clearInterval(timer);
  }
}

import type { SidecarClient } from "../client/sidecar-client.js";
import { PinokioError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import type { ReplyOf } from "../protocol/requests.js";
import { isLive } from "../protocol/runs.js";
import { PlainOutput } from "./plain-output.js";

const WAIT_MS = 30_000;

/** Losses of the sidecar in a row after which a command gives up. */
const LOSSES = 5;

/** Asks again when the sidecar is lost before it answered: for requests that do no harm when they are made twice. */
export async function askUntilAnswered<Reply>(ask: () => Promise<Reply>): Promise<Reply> {
  for (let asked = 1; ; asked++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof PinokioError) || error.code !== "not-connected" || asked > LOSSES) throw error;
    }
  }
}

/**
 * Waits until a run is ready or over or needs a person; with a limit, until that has passed. The client must be a lasting one: a
 * sidecar that is lost meanwhile is not the run's end.
 */
export async function waitForRun(
  client: SidecarClient,
  runId: RunId,
  limitMs = Infinity,
): Promise<ReplyOf<"runs.wait">> {
  const end = performance.now() + limitMs;
  for (;;) {
    const run = await askUntilAnswered(() =>
      client.request("runs.wait", { runId, waitMs: Math.max(0, Math.min(WAIT_MS, end - performance.now())) }),
    );
    if (run.waiting === true || run.state === "ready" || !isLive(run) || performance.now() >= end) return run;
  }
}

interface CopiedOutput {
  readonly ended: Promise<void>;
  /** Resolves once so many bytes have been copied. */
  caughtUp(bytes: number): Promise<void>;
  /** Resolves once all has been copied that was there when it was opened: what a run says of its size may be older. */
  present(): Promise<void>;
  close(): void;
}

/** Copies a run's output to a stream; one that is no terminal gets it without colours. */
export function copyOutput(
  client: SidecarClient,
  runId: RunId,
  target: NodeJS.WritableStream,
  offset = 0,
): CopiedOutput {
  let position = offset;
  const plain = "isTTY" in target && target.isTTY === true ? null : new PlainOutput();
  const waiting: { bytes: number; resolve(): void }[] = [];
  const settle = () => {
    for (const waiter of [...waiting]) {
      if (position >= waiter.bytes) {
        waiting.splice(waiting.indexOf(waiter), 1);
        waiter.resolve();
      }
    }
  };
  let output = { close: () => {} };
  let noteSize: (bytes: number) => void = () => undefined;
  const sizeAtFirst = new Promise<number>((resolve) => (noteSize = resolve));
  const ended = new Promise<void>((resolve, reject) => {
    output = client.openOutput(
      runId,
      {
        onBytes: (bytes, at) =>
          new Promise<void>((written) => {
            position = at + bytes.length;
            target.write(plain === null ? bytes : plain.push(bytes), () => {
              settle();
              written();
            });
          }),
        onOpened: (_, size) => noteSize(size),
        onGap: (from, to) => void target.write(`\n[${to - from} bytes of output are gone]\n`),
        onEnd: () => resolve(),
        onError: reject,
      },
      { offset },
    );
  });
  ended.catch(() => undefined); // a command that does not wait for the end may still fail in words elsewhere
  const caughtUp = (bytes: number): Promise<void> =>
    position >= bytes ? Promise.resolve() : new Promise((resolve) => waiting.push({ bytes, resolve }));
  return {
    ended,
    caughtUp,
    present: async () => caughtUp(await sizeAtFirst),
    close: () => output.close(),
  };
}

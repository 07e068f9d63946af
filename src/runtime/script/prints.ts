import { AsyncLocalStorage } from "node:async_hooks";
import type { CheckFinding } from "../protocol/check.js";
import { placeBelow } from "./source-error.js";

interface Listening {
  /** The app's. */
  folder: string;
  /** Whose code runs, below it. */
  file: string;
  tell(finding: CheckFinding): void;
}

/** Whose work prints: what an earlier one has left running is not the present one's. */
const current = new AsyncLocalStorage<Listening>();

/** Runs code of an app and tells, once a file, that it printed; what it printed goes nowhere. */
export async function listenForPrints<Value>(listening: Listening, work: () => Promise<Value>): Promise<Value> {
  let isTold = false;
  const written = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  const listen = (chunk: unknown): boolean => {
    if (!isTold && current.getStore() === listening) {
      isTold = true;
      listening.tell(printed(String(chunk), listening, new Error()));
    }
    return true;
  };
  for (const { stream } of written) stream.write = listen;
  try {
    return await current.run(listening, work);
  } finally {
    for (const { stream, write } of written) stream.write = write;
  }
}

function printed(text: string, { folder, file }: Listening, here: Error): CheckFinding {
  const place = placeBelow(here, folder);
  return {
    level: "warning",
    kind: "prints",
    message: `It prints when it is loaded or asked for a menu: “${text.trim().slice(0, 100)}”`,
    file: place?.below ?? file,
    ...(place === null ? {} : { line: place.line, column: place.column }),
  };
}

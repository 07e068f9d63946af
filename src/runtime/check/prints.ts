import { posix } from "node:path";
import type { CheckFinding } from "../protocol/check.js";

interface Listening {
  /** The app's. */
  folder: string;
  /** Whose code runs, below it. */
  file: string;
  tell(finding: CheckFinding): void;
}

/** Runs code of an app and tells, once a file, that it printed; what it printed goes nowhere. */
export async function listenForPrints<Value>(listening: Listening, work: () => Promise<Value>): Promise<Value> {
  let isTold = false;
  const written = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  const listen = (chunk: unknown): boolean => {
    if (!isTold) {
      isTold = true;
      listening.tell(printed(String(chunk), listening, new Error().stack ?? ""));
    }
    return true;
  };
  for (const { stream } of written) stream.write = listen;
  try {
    return await work();
  } finally {
    for (const { stream, write } of written) stream.write = write;
  }
}

function printed(text: string, { folder, file }: Listening, stack: string): CheckFinding {
  const place = [...stack.matchAll(/\(?(?:file:\/\/)?(\/[^\s()]+?)(?:\?[^:\s]*)?:(\d+):(\d+)\)?$/gm)].find(
    ([, path = ""]) => path.startsWith(`${folder}/`),
  );
  const [, path, line, column] = place ?? [];
  return {
    level: "warning",
    kind: "prints",
    message: `It prints when it is loaded or asked for a menu: “${text.trim().slice(0, 100)}”`,
    file: path === undefined ? file : posix.relative(folder, path),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
  };
}

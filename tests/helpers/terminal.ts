import { type IPty, spawn } from "@lydell/node-pty";
import { join } from "node:path";
import { BUNDLES, type TestHome, until } from "./command-line.js";

/** The command line as a person at a terminal uses it. */
export interface TestTerminal extends Disposable {
  /** Everything that was shown, without colours and cursor moves. */
  screen(): string;
  /** Waits for words that were not waited for before. */
  reads(wanted: RegExp): Promise<void>;
  type(text: string): void;
  readonly ended: Promise<number>;
}

export function openTestTerminal(home: TestHome, ...args: string[]): TestTerminal {
  const node = process.env["PINOKIOCLOUD_NODE"] ?? process.execPath;
  const env = Object.fromEntries(Object.entries(home.environment()).filter(([, value]) => value !== undefined));
  const program: IPty = spawn(node, [join(BUNDLES, "cli.mjs"), ...args], {
    cols: 120,
    rows: 40,
    env: env as Record<string, string>,
  });
  let shown = "";
  let read = 0;
  program.onData((data) => (shown += data));
  const ended = new Promise<number>((resolve) => program.onExit(({ exitCode }) => resolve(exitCode)));
  const screen = () => shown.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, "");
  return {
    screen,
    reads: async (wanted) => {
      const found = await until(
        () => wanted.exec(screen().slice(read)),
        (match) => match !== null,
      ).catch(() => {
        throw new Error(`The terminal never showed ${String(wanted)}:\n${screen()}`);
      });
      read += (found?.index ?? 0) + (found?.[0].length ?? 0);
    },
    type: (text) => program.write(text),
    ended,
    [Symbol.dispose]: () => program.kill("SIGKILL"),
  };
}

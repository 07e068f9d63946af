import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { processesWith } from "../../src/runtime/base/processes.js";
import { temporaryFolder } from "./temporary-folder.js";

export const BUNDLES = new URL("../../pinokiocloud/static/", import.meta.url).pathname;
const MARK = "PK_TEST_HOME";

export interface Answer {
  code: number | null;
  out: string;
  err: string;
  /** Standard output as JSON. */
  json: Record<string, unknown>;
}

/** A home of its own with the real command line; when its scope ends everything of it is stopped and removed. */
export interface TestHome extends AsyncDisposable {
  readonly path: string;
  run(...args: string[]): Promise<Answer>;
  /** As `run`, with more environment. */
  runWith(env: Record<string, string>, ...args: string[]): Promise<Answer>;
  /** What a process must be started with to belong to this home. */
  environment(more?: Record<string, string>): NodeJS.ProcessEnv;
  /** Processes that were started for this home, the sidecar included. */
  processes(): number[];
}

/** `under` is what the command line is run by, and so all that it starts. */
export function testHome(under: (home: string) => readonly string[] = () => []): TestHome {
  const folder = temporaryFolder();
  const path = join(folder.path, "home");
  mkdirSync(path);
  const runtime = join(folder.path, "runtime");
  mkdirSync(runtime, { mode: 0o700 });
  const mark = `${path}-${process.pid}`;
  const node = process.env["PINOKIOCLOUD_NODE"] ?? process.execPath;
  const environment = (more: Record<string, string> = {}) => ({
    ...process.env,
    PINOKIOCLOUD_NODE: node,
    PINOKIOCLOUD_HOME: path,
    XDG_RUNTIME_DIR: runtime,
    [MARK]: mark,
    NODE_OPTIONS: "",
    ...more,
  });
  const runWith = async (env: Record<string, string>, ...args: string[]): Promise<Answer> => {
    const [program = node, ...rest] = [...under(path), node, join(BUNDLES, "cli.mjs"), ...args];
    const { exitCode, stdout, stderr } = await execa(program, rest, {
      env: environment(env),
      stdin: "ignore",
      reject: false,
      stripFinalNewline: false,
    });
    return {
      code: exitCode ?? null,
      out: stdout,
      err: stderr,
      get json() {
        return JSON.parse(stdout) as Record<string, unknown>;
      },
    };
  };

  const processes = () => processesWith(MARK, mark);

  return {
    path,
    run: (...args) => runWith({}, ...args),
    runWith,
    environment,
    processes,
    [Symbol.asyncDispose]: async () => {
      if (existsSync(path)) await runWith({}, "down");
      for (const pid of processes()) process.kill(pid, "SIGKILL");
      folder[Symbol.dispose]();
    },
  };
}

/** Asks again until the answer is what is wanted; throws with the last answer when it never is. */
export async function until<Value>(
  ask: () => Value | Promise<Value>,
  wanted: (value: Value) => boolean,
  limitMs = 10_000,
): Promise<Value> {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await ask();
    if (wanted(value)) return value;
    if (Date.now() > end) throw new Error(`Not reached after ${limitMs} ms; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { processesWith, signal } from "../../src/runtime/base/processes.js";
import { temporaryFolder } from "./temporary-folder.js";
import { until } from "./test-runner.js";

const MARK = "PK_TEST_PROGRAMS";
let count = 0;

/** Real programs that a test starts, found by a mark of their own and killed when its scope ends. */
export interface OwnPrograms extends Disposable {
  /** Where their bash commands run. */
  readonly folder: string;
  /** Starts a bash command; its process id, once it has printed a line, and that line. */
  start(command: string, flags?: readonly string[]): Promise<{ pid: number; line: string }>;
  /** As `start`, in a session of its own and with init for a parent; the process ids that it prints. */
  orphan(command: string, env?: Readonly<Record<string, string>>): Promise<number[]>;
  find(): number[];
  /** What a command wrote into a file of the folder; "" when it is not there. */
  read(name: string): string;
}

export function ownPrograms(): OwnPrograms {
  const folder = temporaryFolder();
  const mark = `${process.pid}-${++count}`;
  const find = (): number[] => processesWith(MARK, mark);
  const env = { PATH: process.env["PATH"] ?? "", NODE: process.execPath, [MARK]: mark };
  const read = (name: string): string => {
    try {
      return readFileSync(join(folder.path, name), "utf8");
    } catch {
      return "";
    }
  };
  return {
    folder: folder.path,
    find,
    read,
    start: async (command, flags = []) => {
      const child = spawn("bash", [...flags, "-c", command], {
        env,
        cwd: folder.path,
        stdio: ["pipe", "pipe", "ignore"],
      });
      const line = await new Promise<string>((resolve) => child.stdout.once("data", (data) => resolve(String(data))));
      return { pid: child.pid ?? 0, line: line.trim() };
    },
    orphan: async (command, more = {}) => {
      const name = `orphan-${++count}`;
      spawnSync("bash", ["-c", `setsid bash -c "$COMMAND" > ${name} 2>&1 < /dev/null &`], {
        env: { ...env, ...more, COMMAND: command },
        cwd: folder.path,
      });
      const out = await until(
        () => read(name),
        (text) => text.endsWith("\n"),
      );
      return out.trim().split(" ").map(Number);
    },
    [Symbol.dispose]: () => {
      for (const pid of find()) signal(pid, "SIGKILL");
      folder[Symbol.dispose]();
    },
  };
}

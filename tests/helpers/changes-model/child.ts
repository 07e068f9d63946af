import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { cancelNow, type Home, openHome, operate, type Operation } from "./operations.js";

/** What happens at the nth thing that is done to the disk. */
export interface Trouble {
  what: "crash" | "cancel" | "full";
  at: number;
  /** A crash that comes so much later, in the middle of whatever is done then. */
  afterMs?: number;
}

export interface Order {
  home: string;
  operation: Operation;
  trouble: Trouble | null;
}

const CHANGING = [
  ...[
    "renameSync",
    "mkdirSync",
    "rmSync",
    "rmdirSync",
    "openSync",
    "writeSync",
    "fsyncSync",
    "linkSync",
    "symlinkSync",
  ],
  ...["copyFileSync", "cpSync", "chmodSync", "lutimesSync", "writeFileSync"],
] as const;

let trouble: Trouble | null = null;
let done = 0;
let later: NodeJS.Timeout | undefined;

function noteChange(name: string): void {
  if (trouble === null || ++done !== trouble.at) return;
  const { what, afterMs } = trouble;
  trouble = null;
  if (what === "crash" && afterMs !== undefined)
    later = setTimeout(() => process.kill(process.pid, "SIGKILL"), afterMs);
  else if (what === "crash") process.kill(process.pid, "SIGKILL");
  if (what === "cancel") return cancelNow();
  if (what === "full" && name !== "rmSync") {
    throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: "ENOSPC" });
  }
}

function watch(target: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) {
    const real = target[name] as (...args: unknown[]) => unknown;
    target[name] = (...args: unknown[]) => {
      noteChange(name);
      return real(...args);
    };
  }
}

watch(fs as unknown as Record<string, unknown>, CHANGING);
watch(fs.promises as unknown as Record<string, unknown>, ["rm", "cp"]);
watch(childProcess as unknown as Record<string, unknown>, ["spawn"]);
syncBuiltinESMExports();

let opened: Home | null = null;

process.on("message", (order: Order) => {
  void (async () => {
    if (opened?.home !== order.home) opened = openHome(order.home);
    done = 0;
    trouble = order.trouble;
    const outcome = await operate(opened, order.operation);
    const changes = done;
    trouble = null;
    clearTimeout(later);
    process.send?.({ ...outcome, changes });
  })();
});

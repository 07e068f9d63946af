import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { cancelNow, type Home, openHome, operate, type Operation, watched } from "./operations.js";

/** What happens at the nth thing that is done to the disk. */
export interface Trouble {
  what: "crash" | "cancel" | "full";
  at: number;
  /** Counted from when this is come to: a job's phase, or `look`. */
  phase?: string;
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
let isCounting = false;
let later: NodeJS.Timeout | undefined;

function noteChange(name: string): void {
  if (trouble === null || !isCounting || ++done !== trouble.at) return;
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

/** To come to a phase counts too. */
watched.onPhase = (phase) => {
  if (isCounting || trouble?.phase !== phase) return;
  isCounting = true;
  if (trouble.what !== "full") noteChange(phase);
};

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
watch(fs.promises as unknown as Record<string, unknown>, ["rm", "cp", "rename"]);
watch(childProcess as unknown as Record<string, unknown>, ["spawn", "execFileSync"]);
syncBuiltinESMExports();

let opened: Home | null = null;

process.on("message", (order: Order) => {
  void (async () => {
    if (opened?.home !== order.home) opened = openHome(order.home);
    done = 0;
    trouble = order.trouble;
    isCounting = trouble?.phase === undefined;
    const outcome = await operate(opened, order.operation);
    const changes = done;
    trouble = null;
    clearTimeout(later);
    process.send?.({ ...outcome, changes });
  })();
});

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder.js";

const PROGRAMS = new URL("../fixtures/programs/", import.meta.url).pathname;

/** A graphics card that is not there: its tool is, and programs that open its device and hold memory of it. */
export interface StandInGpu extends Disposable {
  /** A PATH with its tool. */
  readonly path: string;
  readonly device: string;
  /** Command of a program that holds memory and prints its pid. */
  holder(mib: number, ...ways: string[]): string;
  /** How it is: `hidden`, `silent`, `late` milliseconds, `foreign` MiB, `busy` percent, `work/<pid>` percent. */
  set(name: string, value?: string): void;
  /** How often its tool was asked whose memory it is. */
  calls(): number;
}

export function standInGpu(): StandInGpu {
  const folder = temporaryFolder();
  for (const name of ["bin", "dev", "held", "gone", "work"]) mkdirSync(join(folder.path, name));
  for (const name of ["dev/nvidia0", "calls"]) writeFileSync(join(folder.path, name), "");
  symlinkSync(join(PROGRAMS, "stand-in-nvidia-smi.sh"), join(folder.path, "bin", "nvidia-smi"));
  return {
    path: `${join(folder.path, "bin")}:${process.env["PATH"] ?? ""}`,
    device: join(folder.path, "dev", "nvidia0"),
    holder: (mib, ...ways) => ["python3 -S", join(PROGRAMS, "gpu-holder.py"), folder.path, mib, ...ways].join(" "),
    set: (name, value = "") => writeFileSync(join(folder.path, name), value),
    calls: () => readFileSync(join(folder.path, "calls"), "utf8").split("compute-apps").length - 1,
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

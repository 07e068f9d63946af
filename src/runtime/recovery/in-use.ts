import { readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { isInside } from "../base/inside-folder.js";
import { namesIn } from "../base/names-in.js";

/** Every file that a process of this machine has open, as far as it may be seen. */
export function openFiles(): Set<string> {
  const open = new Set<string>();
  for (const pid of processes()) {
    for (const descriptor of namesIn(join("/proc", pid, "fd"))) {
      const target = link(join("/proc", pid, "fd", descriptor));
      if (target?.startsWith("/") === true) open.add(target);
    }
  }
  return open;
}

/** Whether a program of that name works in a folder at the moment. */
export function worksIn(folder: string, name: string): boolean {
  return processes().some((pid) => {
    if (read(join("/proc", pid, "comm")).trim() !== name) return false;
    const cwd = link(join("/proc", pid, "cwd"));
    return cwd === null || isInside(folder, cwd) || isInside(cwd, folder);
  });
}

const processes = (): string[] => namesIn("/proc").filter((entry) => /^\d+$/.test(entry));

function link(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

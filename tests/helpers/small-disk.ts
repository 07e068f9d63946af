import { spawnSync } from "node:child_process";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder.js";

/** Whether this user may put a disk in place of a folder. */
export const mayMount =
  process.getuid?.() === 0 &&
  spawnSync("sh", ["-c", "d=$(mktemp -d) && mount -t tmpfs tmpfs $d && umount $d && rmdir $d"]).status === 0;

/** Puts a disk of this size in place of a folder; false where this user may not. */
export const mountSmallDisk = (path: string, size: string): boolean =>
  spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]).status === 0;

export const unmount = (path: string) => spawnSync("umount", ["-l", path]);

/** Takes all the room there is, or all but so much, and returns how to give it back. */
export function fill(folder: string, but = 0): () => void {
  const file = join(folder, "ballast");
  for (const piece of [1024 ** 2, 4096]) {
    try {
      while (but === 0 || freeIn(folder) - piece >= but) writeFileSync(file, Buffer.alloc(piece), { flag: "a" });
    } catch {
      // as much as fitted
    }
  }
  return () => rmSync(file);
}

export function freeIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** A disk of its own, of this size, until it is disposed of. */
export function smallDisk(size: string) {
  const folder = temporaryFolder();
  if (!mountSmallDisk(folder.path, size)) throw new Error("nobody may mount here");
  return {
    path: folder.path,
    [Symbol.dispose]: () => {
      unmount(folder.path);
      folder[Symbol.dispose]();
    },
  };
}

import { existsSync } from "node:fs";
import { join, posix } from "node:path";

/** Top folders of a Mac where its disks and its people's files are. */
const MAC = /^\/(?:Users|Volumes)\//;

/**
 * A path as authors write it on Windows or a Mac, as one that can be here: `C:\x\y` is `<home>/drive_c/x/y`, and what
 * lies in a Mac's own folders is below `<home>/drive_mac`. Backslashes are turned. Any other path stays as it is.
 */
export function hereFrom(path: string, home: string, exists: (path: string) => boolean = existsSync): string {
  const [, drive, below] = /^([A-Za-z]):[\\/](.*)$/s.exec(path) ?? [];
  if (drive !== undefined) return join(home, `drive_${drive.toLowerCase()}`, rooted(below ?? ""));
  if (path.startsWith("\\")) return join(home, "drive_c", rooted(path));
  if (MAC.test(path) && !exists(path.split("/", 2).join("/"))) return join(home, "drive_mac", rooted(path));
  return path.startsWith("/") ? path : turned(path);
}

/** From a disk's own top no `..` leads further up. */
const rooted = (path: string): string => posix.normalize(`/${turned(path)}`);

const turned = (path: string): string => path.replaceAll("\\", "/");

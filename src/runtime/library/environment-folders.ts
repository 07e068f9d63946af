import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What an environment's own files lie in. Anything else in its folder is somebody's. */
const ENVIRONMENT_PARTS = new Set(["bin", "lib", "lib64", "include", "share", "conda-meta", "Lib", "Scripts", "pkgs"]);
const MADE_ANEW = new Set(["node_modules", "__pycache__"]);

/** Folders a launcher's own scripts lie in, whatever else is there. */
export const LAUNCHER_FOLDERS: readonly string[] = ["", "pinokio"];

/**
 * Whether this is a folder below an app that programs make and no author writes. What is not looked at is not copied
 * either, so no name can hide a script.
 */
export function isMadeByPrograms(root: string, below: string): boolean {
  const name = basename(below);
  if (MADE_ANEW.has(name)) return true;
  const above = dirname(below) === "." ? "" : dirname(below);
  if (!ENVIRONMENT_PARTS.has(name) || LAUNCHER_FOLDERS.includes(above)) return false;
  return ["pyvenv.cfg", "conda-meta"].some((mark) => existsSync(join(root, above, mark)));
}

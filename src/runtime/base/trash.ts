import { randomBytes } from "node:crypto";
import { join, relative } from "node:path";
import { writeJsonAtomic } from "./atomic-file.js";
import { movePath } from "./move-path.js";

/** Moves files into an entry of `<home>/trash` and returns its folder; `from` is what their places in it are told by. */
export function moveToTrash(home: string, files: readonly string[], from: string): string {
  const at = new Date();
  const name = `${at.toISOString().replace(/[:.]/g, "-")}-${randomBytes(3).toString("hex")}`;
  const folder = join(home, "trash", name);
  writeJsonAtomic(join(folder, "trash.json"), { at: at.toISOString(), from, files: files.length });
  for (const file of files) movePath(file, join(folder, "files", relative(from, file)));
  return folder;
}

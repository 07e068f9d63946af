import { randomBytes } from "node:crypto";
import { join, parse, relative } from "node:path";
import { writeJsonAtomic } from "./atomic-file.js";
import { isInside } from "./inside-folder.js";
import { movePath } from "./move-path.js";

/** Moves files into an entry of `<home>/trash` and returns its folder; `from` is what their places in it are told by. */
export function moveToTrash(home: string, files: readonly string[], from: string): string {
  const at = new Date();
  const name = `${at.toISOString().replace(/[:.]/g, "-")}-${randomBytes(3).toString("hex")}`;
  const folder = join(home, "trash", name);
  writeJsonAtomic(join(folder, "trash.json"), { at: at.toISOString(), from, files: files.length });
  for (const file of files) {
    const place = relative(isInside(from, file) ? from : parse(file).root, file);
    movePath(file, join(folder, "files", place));
  }
  return folder;
}

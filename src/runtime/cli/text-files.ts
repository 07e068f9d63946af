import { readFileSync, statSync, writeFileSync } from "node:fs";
import { errnoOf } from "../base/file-errors.js";
import { PinokioError } from "../protocol/errors.js";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it is not there",
  EISDIR: "it is a folder",
  ENOTDIR: "a file is where its folder should be",
  EACCES: "its permissions do not let us",
  EPERM: "its permissions do not let us",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

/** The text of a file that a person has named. */
export function readText(file: string, mostBytes = Infinity): string {
  try {
    if (statSync(file).size <= mostBytes) return readFileSync(file, "utf8");
  } catch (error) {
    throw fileError(error, file, "read");
  }
  throw new PinokioError("request-invalid", `${file} is too large for what it should be`);
}

/** Writes a file that a person has named; one that is there only where they say so. */
export function writeNew(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw fileError(error, file, "written");
    throw new PinokioError("request-invalid", `${file} is there already`, {
      hint: "Choose another name, or repeat the command with --force",
      cause: error,
    });
  }
}

/** What a person sees of a file of theirs that could not be read or written. */
function fileError(error: unknown, file: string, how: "read" | "written"): PinokioError {
  const code = errnoOf(error) ?? "";
  const why = code === "ENOENT" && how === "written" ? "its folder is not there" : REASONS[code];
  const words = why ?? (error instanceof Error ? error.message : String(error));
  return new PinokioError("request-invalid", `${file} cannot be ${how}: ${words}`, { cause: error });
}

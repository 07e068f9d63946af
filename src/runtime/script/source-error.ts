import { readFileSync, realpathSync } from "node:fs";
import { PinokioError } from "../protocol/errors.js";

/** A file whose text is wrong at one place: the file, the line, the column and the line itself. */
export function invalidText(place: { file: string; text: string; offset: number; what: string }): PinokioError {
  const { file, text, offset, what } = place;
  const before = text.slice(0, offset).split("\n");
  const line = before.length;
  const column = (before.at(-1) ?? "").length + 1;
  return invalidSource({ file, line, column, source: text.split("\n")[line - 1] ?? "", what });
}

interface SourcePlace {
  file: string;
  line: number;
  column: number | null;
  /** The line's text, when known. */
  source: string;
  what: string;
  hint?: string | undefined;
  cause?: unknown;
}

function invalidSource({ file, line, column, source, what, hint, cause }: SourcePlace): PinokioError {
  const where = column === null ? `${file}:${line}` : `${file}:${line}:${column}`;
  const shown = source.trim().slice(0, 200);
  return new PinokioError("script-invalid", `${where}: ${what}`, {
    hint: hint ?? (shown === "" ? "Correct the file, then try again" : `Correct this line: ${shown}`),
    cause,
    context: { file, line: String(line), ...(column === null ? {} : { column: String(column) }), source: shown },
  });
}

/** What loading or calling an author's JavaScript threw, with the place in the author's files where it happened. */
export function explainThrown(error: unknown, file: string): PinokioError {
  if (error instanceof PinokioError) return error;
  const what = firstLine(error);
  const place = syntaxPlace(error) ?? thrownPlace(error, file);
  const hint = isBeyondFence(error) ? "Once you have agreed to what the app will run, it is loaded in full" : undefined;
  if (place === null) {
    return new PinokioError("script-invalid", `${file}: ${what}`, { hint, cause: error, context: { file } });
  }
  return invalidSource({ ...place, what, hint, cause: error });
}

const isBeyondFence = (error: unknown): error is Error & { permission?: unknown; resource?: unknown } =>
  error instanceof Error && "code" in error && error.code === "ERR_ACCESS_DENIED";

function firstLine(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  if (isBeyondFence(error)) return beyondTheFence(error);
  return `${error.name}: ${error.message.split("\n")[0] ?? ""}`;
}

const PERMISSIONS: Record<string, string> = {
  FileSystemRead: "read",
  FileSystemWrite: "write",
  ChildProcess: "start a program",
  WorkerThreads: "start a worker",
};

/** What code wanted to do that is not allowed before a person has agreed to it. */
function beyondTheFence(error: Error & { permission?: unknown; resource?: unknown }): string {
  const wish = PERMISSIONS[String(error.permission)];
  if (wish === undefined) return error.message.split("\n")[0] ?? "";
  const what = typeof error.resource === "string" && error.resource !== "" ? ` ${error.resource}` : "";
  return `it wants to ${wish}${what}, which is not allowed for code that nobody has agreed to yet`;
}

// Node puts "file:line", the line and a mark under the place in front of a syntax error's stack.
function syntaxPlace(error: unknown): Omit<SourcePlace, "what"> | null {
  if (!(error instanceof SyntaxError) || error.stack === undefined) return null;
  const found = /^(.+):(\d+)\n(.*)\n([ \t]*)\^/.exec(error.stack);
  if (found === null) return null;
  const [, file = "", line, source = "", indent = ""] = found;
  return { file: toPath(file), line: Number(line), column: indent.length + 1, source };
}

function thrownPlace(error: unknown, file: string): ThrownPlace | null {
  return placeBelow(error, file.slice(0, file.lastIndexOf("/")));
}

interface ThrownPlace {
  file: string;
  /** The same below the folder. */
  below: string;
  line: number;
  column: number;
  /** The line's text, when known. */
  source: string;
}

/**
 * Where below an app's folder something was thrown: the innermost place that is not in Node or in our own code, which is
 * a bundle beside no author's file, and rather one of the app than one of a package in it.
 */
export function placeBelow(error: unknown, folder: string): ThrownPlace | null {
  if (!(error instanceof Error) || error.stack === undefined) return null;
  const roots = [folder, realPath(folder)].map((root) => `${root}/`); // an app's folder may be a link
  const places = [...error.stack.matchAll(FRAME)].flatMap(([, path = "", line, column]) => {
    const file = toPath(path);
    const root = roots.find((start) => file.startsWith(start));
    if (root === undefined) return [];
    return [{ file, below: file.slice(root.length), line: Number(line), column: Number(column) }];
  });
  const place = places.find(({ below }) => !below.includes("node_modules/")) ?? places[0];
  return place === undefined ? null : { ...place, source: lineOf(place.file, place.line) };
}

const FRAME = /^ {4}at (?:async )?(?:.* \()?((?:file:\/\/)?\/.+?)(?:\?[^:]*)?:(\d+):(\d+)\)?$/gm;

function realPath(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}

const lineOf = (file: string, line: number): string => textOf(file).split("\n")[line - 1] ?? "";

/** The line on which a function begins, for one that never answers; none when the file does not hold just that one. */
export function lineIn(file: string, code: unknown): { line?: number } {
  const text = textOf(file);
  const written = Function.prototype.toString.call(code);
  const at = text.indexOf(written);
  const isOnly = at >= 0 && !text.includes(written, at + 1);
  return isOnly ? { line: text.slice(0, at).split("\n").length } : {};
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const toPath = (fileOrUrl: string): string =>
  fileOrUrl.startsWith("file://") ? decodeURIComponent(new URL(fileOrUrl).pathname) : fileOrUrl;

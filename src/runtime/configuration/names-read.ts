import { join } from "node:path";
import type { LauncherSettings } from "../protocol/launcher.js";
import { readTextFile } from "./text-file.js";

const NAMES = /(?:\benvs?|process\.env|kernel\.envs?)(?:\?)?(?:\.|\[\s*["'`])([A-Z][A-Z\d_]{2,80})\b/g;

/** Names that belong to the system and its programs, not to an app. */
const NOT_OURS =
  /^(?:PATH|HOME|USER|SHELL|TMP|TEMP|TMPDIR|LANG|PWD|NODE_ENV|APPDATA|LOCALAPPDATA|USERPROFILE|PROGRAMFILES|SYSTEMROOT|COMSPEC|WINDIR)$/;

/** Variables that an app's scripts read, as far as their text tells. */
export function namesRead(folder: string, launcher: LauncherSettings): string[] {
  const names = ["pinokio.js", ...launcher.scripts.map(({ path }) => path)].flatMap((path) =>
    [...textOf(folder, path).matchAll(NAMES)].map(([, name = ""]) => name),
  );
  return [...new Set(names)].filter((name) => !NOT_OURS.test(name));
}

function textOf(folder: string, path: string): string {
  try {
    return readTextFile(folder, join(folder, path), path)?.text ?? "";
  } catch {
    return "";
  }
}

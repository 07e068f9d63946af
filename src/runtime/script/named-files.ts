import { readFileSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { isObject } from "./script.js";

/** A string of JavaScript or JSON that could be a script's name, without what follows it in an address. */
const SCRIPT_NAME = /(["'`])([^"'`\n${}<>?#]{1,300}\.json|[^"'`\n${}<>?#]{1,300}\.js)(?:[?#][^"'`\n]{0,300})?\1/g;

/** The app's files that a text names as scripts would be named: a launcher's menu can hide them from nobody's sight. */
export function filesNamedIn(appDir: string, file: string, folder: string): string[] {
  const names = [...textOf(join(appDir, file)).matchAll(SCRIPT_NAME)].map(([, , name = ""]) => name);
  return [...new Set(names.flatMap((name) => fileOf(name, appDir, folder) ?? []))];
}

/** The app's files that steps start as scripts. */
export function filesStartedBy(steps: readonly unknown[], appDir: string, folder: string): string[] {
  const names = steps.flatMap((step) => {
    if (!isObject(step) || step["method"] !== "script.start" || !isObject(step["params"])) return [];
    const uri = step["params"]["uri"] ?? step["params"]["path"];
    return typeof uri === "string" ? [uri.replace(/[?#].*$/s, "")] : [];
  });
  return names.flatMap((name) => fileOf(name, appDir, folder) ?? []);
}

/** Null for what lies outside the app's folder or is no file. */
function fileOf(name: string, appDir: string, folder: string): string | null {
  if (/^(?:[a-z][a-z\d+.-]*:|\/|~\/)/i.test(name)) return null;
  const path = normalize(join(folder, name));
  if (path === ".." || path.startsWith("../")) return null;
  try {
    return statSync(join(appDir, path)).isFile() ? path : null;
  } catch {
    return null;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

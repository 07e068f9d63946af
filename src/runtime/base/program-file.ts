import { readFileSync } from "node:fs";
import { extname } from "node:path";

const INTERPRETERS: Record<string, string> = { ".py": "python", ".sh": "bash" };
const JAVASCRIPT = new Set([".js", ".mjs", ".cjs"]);

/** What makes a JavaScript file a module that others load, as scripts are. */
const EXPORTS = /\bmodule\s*[.[]|\bexports\b|^\s*export\b/m;

/**
 * What runs a file that is a program and no script of steps; null for a script. JavaScript that exports nothing counts
 * only where a script starts it: asked for by a person, it is a script with a mistake.
 */
export function interpreterOf(file: string, { orJavaScript = true } = {}): string | null {
  const extension = extname(file).toLowerCase();
  const interpreter = INTERPRETERS[extension];
  if (interpreter !== undefined) return interpreter;
  return orJavaScript && JAVASCRIPT.has(extension) && exportsNothing(file) ? "node" : null;
}

function exportsNothing(file: string): boolean {
  try {
    const text = readFileSync(file, "utf8");
    return text.trim() !== "" && !EXPORTS.test(text);
  } catch {
    return false; // whoever loads it says why it cannot be read
  }
}

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const NOT_THE_AUTHORS = new Set([".git", "node_modules", "__pycache__"]);

/**
 * Stands for everything in an app that we would load or run as its launcher: the text of every script in it. Changes
 * when any of them does. What a person agrees to is this.
 */
export function fingerprintOf(folder: string): string {
  const hash = createHash("sha256");
  for (const path of scriptsBelow(folder, "")) {
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(folder, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

function scriptsBelow(root: string, below: string): string[] {
  const entries = readdirSync(join(root, below), { withFileTypes: true });
  // An environment is made by the scripts; its own thousands of files are not among them.
  if (entries.some(({ name }) => name === "pyvenv.cfg" || name === "conda-meta")) return [];
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return NOT_THE_AUTHORS.has(entry.name) ? [] : scriptsBelow(root, path);
      return entry.isFile() && /\.(?:c|m)?js$|\.json$/.test(entry.name) ? [path] : [];
    });
}

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isThere } from "./load-for-code.js";

const DEEPEST_ENVIRONMENT = 4;
const NOT_LOOKED_INTO = new Set(["node_modules", ".git", "__pycache__"]);

/** Folders of Python environments. */
export async function environmentsBelow(folder: string, depth = 0): Promise<string[]> {
  if (isThere(join(folder, "pyvenv.cfg"))) return [folder];
  if (depth >= DEEPEST_ENVIRONMENT) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const below = entries
    .filter((entry) => entry.isDirectory() && !NOT_LOOKED_INTO.has(entry.name))
    .map(({ name }) => environmentsBelow(join(folder, name), depth + 1));
  return (await Promise.all(below)).flat().sort();
}

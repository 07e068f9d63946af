import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import { errnoOf } from "./file-errors.js";

/** Environments and what package managers have put there, without what lies in those. */
export async function environmentsBelow(root: string): Promise<string[]> {
  const found: string[] = [];
  const waiting = [""];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    await afterOthers();
    const names = foldersIn(join(root, next));
    if (names === "too deep") continue;
    const isMade = names === null || names.isMade;
    if (next !== "" && isMade) found.push(next);
    else for (const name of names?.folders ?? []) waiting.push(join(next, name));
  }
  return found;
}

function foldersIn(folder: string): { folders: string[]; isMade: boolean } | "too deep" | null {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const names = new Set(entries.map(({ name }) => name));
    const isOwnFolder = names.has(".git") || names.has("pinokio.js");
    return {
      folders: entries.filter((entry) => entry.isDirectory() && entry.name !== ".git").map(({ name }) => name),
      isMade:
        folder.endsWith("/node_modules") || (!isOwnFolder && (names.has("pyvenv.cfg") || names.has("conda-meta"))),
    };
  } catch (error) {
    return errnoOf(error) === "ENAMETOOLONG" ? "too deep" : null;
  }
}

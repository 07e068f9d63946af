import { existsSync, lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { isInside, placeInside } from "../../base/inside-folder.js";
import { openFiles, worksIn } from "../in-use.js";
import { namesIn } from "../../base/names-in.js";

/** How programs name what they have not finished. */
type Kind = "download" | "hub" | "git" | "git-lock";

const MOST_ENTRIES = 100_000;
const NEVER_LOOKED_INTO = new Set(["node_modules", "site-packages", "conda-meta", "__pycache__"]);

/** Files below the roots that some program began and will never finish, each really below `home`. */
export function partialFiles(roots: readonly string[], home: string): string[] {
  if (!existsSync(home)) return [];
  const found = roots.flatMap((root) => (isReallyInside(home, root) ? below(root) : []));
  const unique = [...new Set(found)].filter((file) => isReallyInside(home, file));
  if (unique.length === 0) return [];
  const open = openFiles();
  return unique.filter((file) => !open.has(realpathSync(file)) && !isBeingMade(file));
}

function below(root: string): string[] {
  const found: string[] = [];
  const waiting = [root];
  let left = MOST_ENTRIES;
  for (let path = waiting.pop(); path !== undefined && left > 0; path = waiting.pop(), left--) {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry?.isDirectory() === true && !NEVER_LOOKED_INTO.has(basename(path))) {
      for (const name of namesIn(path)) waiting.push(join(path, name));
    } else if (entry?.isFile() === true && kindOf(path) !== null) found.push(path);
  }
  return found;
}

/** Null for everything that somebody may have made on purpose. */
function kindOf(file: string): Kind | null {
  const name = basename(file);
  // Our own downloads keep a note beside the part: a file that is merely called so is somebody's.
  if (name.endsWith(".part") && existsSync(`${file}.json`)) return "download";
  if (name.endsWith(".part.json") && existsSync(file.slice(0, -".json".length))) return "download";
  if (
    name.endsWith(".incomplete") &&
    /\/(?:blobs|\.?(?:cache\/)?huggingface\/download(?:\/.*)?)$/.test(dirname(file))
  ) {
    return "hub";
  }
  if (
    /\/\.git(?:\/modules\/.*)?\/objects\/(?:pack|[0-9a-f]{2})$/.test(dirname(file)) &&
    /^tmp_(?:pack|idx|rev|obj)_/.test(name)
  ) {
    return "git";
  }
  if (
    /\/\.git(?:\/modules\/[^/]+)?$/.test(dirname(file)) &&
    /^(?:index|HEAD|config|shallow|packed-refs)\.lock$/.test(name)
  ) {
    return "git-lock";
  }
  return null;
}

function isBeingMade(file: string): boolean {
  const kind = kindOf(file);
  if (kind !== "git" && kind !== "git-lock") return false;
  return worksIn(file.slice(0, file.indexOf("/.git/")), "git");
}

function isReallyInside(home: string, path: string): boolean {
  if (!isInside(home, path)) return false;
  const name = relative(home, path);
  return name === "" || placeInside(realpathSync(home), name) !== null;
}

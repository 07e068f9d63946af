import { lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** Whether a path is a folder's, by its name alone. */
export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest === "" || (rest !== ".." && !rest.startsWith(`..${sep}`) && !isAbsolute(rest));
}

/** Where an entry of an archive goes, or null when that is outside the folder, also by way of a link that is there. */
export function placeInside(folder: string, name: string): string | null {
  const path = resolve(folder, name);
  if (isAbsolute(name) || name.includes("\0") || !isInside(folder, path)) return null;
  const real = realpathSync(folder);
  for (let above = dirname(path); above !== folder && isInside(folder, above); above = dirname(above)) {
    if (isThere(above) && !isInside(real, realpathOf(above))) return null;
  }
  return path;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Where a path leads, of which the end need not be there yet. */
export function leadsTo(path: string): string {
  for (let above = resolve(path); ; above = dirname(above)) {
    try {
      return join(realpathSync(above), relative(above, resolve(path)));
    } catch {
      if (above === dirname(above)) return resolve(path);
    }
  }
}

/** A link that leads nowhere leads outside. */
function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(sep);
  }
}

import type { App } from "../../runtime/protocol/apps.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import type { FolderId, ShelfItem, ShelfPlace, ShelfThing } from "../../runtime/protocol/shelf.js";

type Items = readonly ShelfItem[];

export const keyOf = (thing: ShelfThing | ShelfItem): string => ("app" in thing ? `app ${thing.app}` : thing.folder);

export const isSameThing = (one: ShelfThing, other: ShelfThing): boolean => keyOf(one) === keyOf(other);

/** Where the keys that move up and down take a thing; null at the ends. */
export function stepPlace(items: Items, thing: ShelfThing, step: -1 | 1): ShelfPlace | null {
  if ("app" in thing) {
    const home = items.findIndex((item) => "folder" in item && item.apps.includes(thing.app));
    if (home !== -1) return stepInFolder(items, home, thing.app, step);
  }
  const at = items.findIndex((item) => keyOf(item) === keyOf(thing));
  const next = items[at + step];
  if (at === -1 || next === undefined) return null;
  if ("folder" in next && "app" in thing)
    return { folder: next.folder, before: step === 1 ? firstOf(next.apps) : null };
  return { folder: null, before: thingOf(step === 1 ? items[at + 2] : next) };
}

function stepInFolder(items: Items, home: number, app: AppId, step: -1 | 1): ShelfPlace | null {
  const folder = items[home];
  if (folder === undefined || !("folder" in folder)) return null;
  const at = folder.apps.indexOf(app);
  if (step === -1 && at === 0) return { folder: null, before: { folder: folder.folder } };
  if (step === 1 && at === folder.apps.length - 1) return { folder: null, before: thingOf(items[home + 1]) };
  return { folder: folder.folder, before: firstOf(folder.apps.slice(at + (step === 1 ? 2 : -1))) };
}

/** Which part of a row or a folder's head the pointer is at. */
export type Edge = "before" | "into" | "after";

/** Where a thing comes that is dropped there; null where it cannot. */
export function dropPlace(items: Items, thing: ShelfThing, over: ShelfThing, edge: Edge): ShelfPlace | null {
  if (isSameThing(thing, over)) return null;
  const folder = "app" in over ? folderOf(items, over.app) : null;
  if ("folder" in thing) {
    // A folder is dropped beside the folder that an app is in.
    const beside: ShelfThing = folder === null ? over : { folder };
    return isSameThing(thing, beside)
      ? null
      : { folder: null, before: edge === "before" ? beside : after(items, beside) };
  }
  if ("folder" in over) {
    if (edge === "before") return { folder: null, before: over };
    const inside = items.find((item) => "folder" in item && item.folder === over.folder);
    return { folder: over.folder, before: inside !== undefined && "folder" in inside ? firstOf(inside.apps) : null };
  }
  if (edge === "before") return { folder, before: over };
  return { folder, before: folder === null ? after(items, over) : afterIn(items, folder, over.app) };
}

/** The folder that an app is in, or null. */
export function folderOf(items: Items, app: AppId): FolderId | null {
  const found = items.find((item) => "folder" in item && item.apps.includes(app));
  return found !== undefined && "folder" in found ? found.folder : null;
}

export const foldersIn = (items: Items): { folder: FolderId; name: string }[] =>
  items.flatMap((item) => ("folder" in item ? [{ folder: item.folder, name: item.name }] : []));

const firstOf = ([app]: readonly AppId[]): ShelfThing | null => (app === undefined ? null : { app });

const thingOf = (item: ShelfItem | undefined): ShelfThing | null =>
  item === undefined ? null : "app" in item ? { app: item.app } : { folder: item.folder };

const after = (items: Items, thing: ShelfThing): ShelfThing | null =>
  thingOf(items[items.findIndex((item) => keyOf(item) === keyOf(thing)) + 1]);

function afterIn(items: Items, folder: FolderId, app: AppId): ShelfThing | null {
  const found = items.find((item) => "folder" in item && item.folder === folder);
  if (found === undefined || !("folder" in found)) return null;
  return firstOf(found.apps.slice(found.apps.indexOf(app) + 1));
}

/** Whether an app has the words somewhere that a person may remember it by. */
export function isFound(app: App, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const { title, id, description, marks } = app;
  const all = [title, id, description, marks?.notes ?? "", ...(marks?.tags ?? [])].join("\n").toLowerCase();
  return words.every((word) => all.includes(word));
}

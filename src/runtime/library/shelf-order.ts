import type { AppId } from "../protocol/ids.js";
import type { FolderId, ShelfItem, ShelfPlace, ShelfThing } from "../protocol/shelf.js";

type Order = readonly ShelfItem[];

/** Every app once, where it stands first; those of `ids` that have no place come last. */
export function wholeOrder(order: Order, ids: readonly AppId[]): ShelfItem[] {
  const placed = new Set<string>();
  const isFirst = (id: string): boolean => !placed.has(id) && placed.add(id).size > 0;
  const items = order.flatMap((item): ShelfItem[] => {
    if ("app" in item) return isFirst(item.app) ? [item] : [];
    return isFirst(item.folder) ? [{ ...item, apps: item.apps.filter(isFirst) }] : [];
  });
  return [...items, ...ids.filter((id) => !placed.has(id)).map((app) => ({ app }))];
}

/** The same without apps that are not there; their places are kept where the order is. */
export function visibleOrder(order: Order, ids: readonly AppId[]): ShelfItem[] {
  const present = new Set<string>(ids);
  return order.flatMap((item): ShelfItem[] => {
    if ("app" in item) return present.has(item.app) ? [item] : [];
    return [{ ...item, apps: item.apps.filter((id) => present.has(id)) }];
  });
}

/** Takes things from wherever they stand and puts them, in the order they are named, where they are to be. */
export function moved(order: Order, things: readonly ShelfThing[], to: ShelfPlace): ShelfItem[] {
  const keys = new Set(things.map(keyOf));
  const before = placeBefore(order, to, keys);
  const items = things
    .filter((thing, at) => things.findIndex((other) => keyOf(other) === keyOf(thing)) === at)
    .flatMap((thing): ShelfItem[] => ("app" in thing ? [thing] : foldersIn(order).filter(isSame(thing))));
  const rest = order.flatMap((item): ShelfItem[] => {
    if (keys.has(keyOf(item))) return [];
    return "app" in item ? [item] : [{ ...item, apps: item.apps.filter((app) => !keys.has(keyOf({ app }))) }];
  });
  const { folder } = to;
  if (folder === null) return putBefore(rest, items, (item) => keyOf(item) === before);
  const apps = items.flatMap((item) => ("app" in item ? [item.app] : item.apps));
  return rest.map((item) =>
    "folder" in item && item.folder === folder
      ? { ...item, apps: putBefore(item.apps, apps, (app) => keyOf({ app }) === before) }
      : item,
  );
}

/** Its apps take the folder's place. */
export const withoutFolder = (order: Order, folder: FolderId): ShelfItem[] =>
  order.flatMap((item): ShelfItem[] =>
    "folder" in item && item.folder === folder ? item.apps.map((app) => ({ app })) : [item],
  );

export type ShelfFolder = Extract<ShelfItem, { folder: FolderId }>;

const isFolder = (item: ShelfItem): item is ShelfFolder => "folder" in item;

export const foldersIn = (order: Order): ShelfFolder[] => order.filter(isFolder);

export const folderIn = (order: Order, folder: FolderId): ShelfFolder | null =>
  foldersIn(order).find((item) => item.folder === folder) ?? null;

const isSame =
  (thing: ShelfThing) =>
  (item: ShelfItem): boolean =>
    keyOf(item) === keyOf(thing);

/** An app may be called as the id of a folder. */
const keyOf = (thing: ShelfThing | ShelfItem): string => ("app" in thing ? `app ${thing.app}` : thing.folder);

/** What is to stand behind the moved things: what the place names, or the next one that is not moved itself. */
function placeBefore(order: Order, to: ShelfPlace, keys: ReadonlySet<string>): string | null {
  if (to.before === null || to.before === undefined) return null;
  const wanted = keyOf(to.before);
  const inFolder = to.folder === null ? null : folderIn(order, to.folder);
  const list = to.folder === null ? order.map(keyOf) : (inFolder?.apps ?? []).map((app) => keyOf({ app }));
  const at = list.indexOf(wanted);
  return at === -1 ? null : (list.slice(at).find((key) => !keys.has(key)) ?? null);
}

function putBefore<Item>(list: readonly Item[], items: readonly Item[], isBefore: (item: Item) => boolean): Item[] {
  const at = list.findIndex(isBefore);
  return at === -1 ? [...list, ...items] : [...list.slice(0, at), ...items, ...list.slice(at)];
}

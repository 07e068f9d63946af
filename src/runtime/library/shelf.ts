import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { appMissing } from "../base/app-missing.js";
import { StateFile } from "../base/state-file.js";
import { PinokioError, toWireError } from "../protocol/errors.js";
import { AppId } from "../protocol/ids.js";
import {
  AppMarks,
  type AppResult,
  FolderId,
  type FolderName as FolderNameSchema,
  type MarksChange,
  MOST_NOTES,
  MOST_TAGS,
  type Shelf,
  ShelfItem,
  type ShelfPlace,
  type ShelfThing,
} from "../protocol/shelf.js";
import {
  folderIn,
  foldersIn,
  moved,
  type ShelfFolder,
  visibleOrder,
  wholeOrder,
  withoutFolder,
} from "./shelf-order.js";

const VERSION = 1;

const ShelfFile = z.object({
  version: z.literal(VERSION),
  /** Also of apps that are not there: who comes back finds their place. */
  order: z.array(ShelfItem).default([]),
  apps: z.record(AppId, AppMarks).default({}),
});
type ShelfFile = z.infer<typeof ShelfFile>;

export interface ShelfOptions {
  /** `library/favorites.json`. */
  file: string;
  mayWrite: boolean;
  onProblem(problem: PinokioError): void;
  /** The apps that are there. */
  ids(): readonly AppId[];
  missing(): Shelf["missing"];
}

/** What a person has written about apps, and how they are arranged. */
export interface ShelfStore {
  now(): Shelf;
  marks(id: AppId): AppMarks;
  /** Of every app that something was written about, whether it is there or not. */
  allMarks(): ReadonlyMap<AppId, AppMarks>;
  mark(ids: readonly AppId[], change: MarksChange): AppResult[];
  move(things: readonly ShelfThing[], to: ShelfPlace): AppResult[];
  addFolder(name: FolderName, apps?: readonly AppId[]): FolderId;
  renameFolder(folder: FolderId, name: FolderName): void;
  /** Its apps stay. */
  removeFolder(folder: FolderId): void;
  /** Takes over what another library had: nothing that is here is lost. Returns what that changed. */
  merge(other: MergeOrder): { marks: number; places: number };
  /** What `merge` would change. */
  wouldMerge(other: MergeOrder): { marks: number; places: number };
  /** Takes over what was written by hand. */
  look(): boolean;
  /** Throws where what was written about apps cannot be read. */
  requireRead(): void;
  onChanged(listener: (ids: readonly AppId[]) => void): void;
}

export interface MergeOrder {
  marks: ReadonlyMap<AppId, AppMarks>;
  order: readonly ({ app: AppId } | { folder: FolderName; apps: readonly AppId[] })[];
}

type FolderName = z.infer<typeof FolderNameSchema>;

const NO_MARKS: AppMarks = { favorite: false, notes: "", tags: [] };

const marksIn = ({ apps }: Pick<ShelfFile, "apps">, id: AppId): AppMarks =>
  (Object.hasOwn(apps, id) ? apps[id] : undefined) ?? NO_MARKS;

export function openShelf({ file, mayWrite, onProblem, ids, missing }: ShelfOptions): ShelfStore {
  const state = new StateFile({
    path: file,
    version: VERSION,
    schema: ShelfFile,
    empty: { version: VERSION, order: [], apps: {} },
    mayWrite,
    onProblem,
  });
  const listeners: ((ids: readonly AppId[]) => void)[] = [];

  const change = (make: (before: ShelfFile) => ShelfFile): void => {
    const before = state.value;
    const after = state.change(make);
    if (after === before) return;
    const touched = new Set([...Object.keys(before.apps), ...Object.keys(after.apps)] as AppId[]);
    const changed = [...touched].filter((id) => !isDeepStrictEqual(marksIn(before, id), marksIn(after, id)));
    for (const listener of listeners) listener(changed);
  };
  const changeOrder = (make: (order: ShelfItem[]) => ShelfItem[]): void =>
    change((before) => {
      const whole = wholeOrder(before.order, ids());
      const order = make(whole);
      return isDeepStrictEqual(order, whole) ? before : { ...before, order };
    });
  const known = (folder: FolderId): void => {
    if (folderIn(state.value.order, folder) !== null) return;
    throw new PinokioError("request-invalid", `The library has no folder ${folder}`, { hint: "It may be gone" });
  };
  const requireFree = (name: FolderName, except?: FolderId): void => {
    const other = folderNamed(state.value.order, name);
    if (other === null || other.folder === except) return;
    throw new PinokioError("request-invalid", `The library has a folder named ${other.name} already`);
  };
  const notInstalled = (id: AppId): PinokioError =>
    appMissing(id, { here: ids(), gone: missing().map((one) => one.appId) });
  /** Works on those that are known, and says of the others that they are not. */
  const each = (wanted: readonly AppId[], work: (found: AppId[]) => void): AppResult[] => {
    const present = new Set(ids());
    const isKnown = (id: AppId): boolean => present.has(id) || Object.hasOwn(state.value.apps, id);
    const found = wanted.filter(isKnown);
    if (found.length > 0) work(found);
    return wanted.map((appId) => ({ appId, error: isKnown(appId) ? null : toWireError(notInstalled(appId)) }));
  };

  return {
    now: () => ({ items: visibleOrder(wholeOrder(state.value.order, ids()), ids()), missing: missing() }),
    marks: (id) => marksIn(state.value, id),
    allMarks: () => new Map(Object.entries(state.value.apps) as [AppId, AppMarks][]),
    mark: (wanted, wish) =>
      each(wanted, (found) =>
        change((before) => {
          const changed = found.map((id): [AppId, AppMarks] => [id, markedAs(marksIn(before, id), wish)]);
          const isSame = changed.every(([id, marks]) => isDeepStrictEqual(marks, marksIn(before, id)));
          return isSame ? before : { ...before, apps: { ...before.apps, ...Object.fromEntries(changed) } };
        }),
      ),
    move: (things, to) => {
      if (to.folder !== null) known(to.folder);
      const folders = things.flatMap((thing) => ("folder" in thing ? [thing.folder] : []));
      for (const folder of folders) known(folder);
      if (to.folder !== null && folders.length > 0) {
        throw new PinokioError("request-invalid", "A folder of the library holds apps and no folders");
      }
      const apps = things.flatMap((thing) => ("app" in thing ? [thing.app] : []));
      const present = new Set(ids());
      const results = apps.map((appId) => ({
        appId,
        error: present.has(appId) ? null : toWireError(notInstalled(appId)),
      }));
      const movable = things.filter((thing) => "folder" in thing || present.has(thing.app));
      if (movable.length > 0) changeOrder((order) => moved(order, movable, to));
      return results;
    },
    addFolder: (name, apps = []) => {
      requireFree(name);
      const folder = newFolderId();
      changeOrder((order) => {
        const things = apps.map((app) => ({ app }));
        return moved([...order, { folder, name, apps: [] }], things, { folder });
      });
      return folder;
    },
    renameFolder: (folder, name) => {
      known(folder);
      requireFree(name, folder);
      changeOrder((order) =>
        order.map((item) => ("folder" in item && item.folder === folder ? { ...item, name } : item)),
      );
    },
    removeFolder: (folder) => {
      known(folder);
      changeOrder((order) => withoutFolder(order, folder));
    },
    merge: (other) => {
      const counted = { marks: 0, places: 0 };
      change((before) => {
        const marks = mergedMarks(before.apps, other.marks);
        const order = mergedOrder(before.order, other.order);
        counted.marks = marks.length;
        counted.places = order.placed;
        if (marks.length === 0 && order.placed === 0) return before;
        return { ...before, order: order.order, apps: { ...before.apps, ...Object.fromEntries(marks) } };
      });
      return counted;
    },
    wouldMerge: (other) => ({
      marks: mergedMarks(state.value.apps, other.marks).length,
      places: mergedOrder(state.value.order, other.order).placed,
    }),
    look: () => state.look(),
    requireRead: () => state.requireRead(),
    onChanged: (listener) => void listeners.push(listener),
  };
}

const newFolderId = (): FolderId =>
  FolderId.parse(`folder_${[...randomBytes(8)].map((byte) => (byte % 36).toString(36)).join("")}`);

const folderNamed = (order: readonly ShelfItem[], name: string): ShelfFolder | null =>
  foldersIn(order).find((folder) => sameText(folder.name, name)) ?? null;

const sameText = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function markedAs(before: AppMarks, { favorite, notes, addTags = [], removeTags = [] }: MarksChange): AppMarks {
  const kept = before.tags.filter((tag) => !removeTags.some((gone) => sameText(gone, tag)));
  return {
    favorite: favorite ?? before.favorite,
    notes: notes ?? before.notes,
    tags: withTags(kept, addTags),
  };
}

function withTags(tags: readonly string[], added: readonly string[]): string[] {
  const all = [...tags];
  for (const tag of added) if (!all.some((other) => sameText(other, tag))) all.push(tag);
  if (all.length <= MOST_TAGS) return all;
  throw new PinokioError("request-invalid", `An app has ${MOST_TAGS} tags at most`, { hint: "Take one away first" });
}

/** What the marks of apps become; only those that change. */
function mergedMarks(here: ShelfFile["apps"], there: MergeOrder["marks"]): [AppId, AppMarks][] {
  return [...there].flatMap(([id, theirs]): [AppId, AppMarks][] => {
    const ours = marksIn({ apps: here }, id);
    const tags = [...ours.tags];
    for (const tag of theirs.tags) {
      if (tags.length < MOST_TAGS && !tags.some((other) => sameText(other, tag))) tags.push(tag);
    }
    const marks = { favorite: ours.favorite || theirs.favorite, notes: mergedNotes(ours.notes, theirs.notes), tags };
    return isDeepStrictEqual(marks, ours) ? [] : [[id, marks]];
  });
}

/** Both, ours first; where every paragraph of one stands in the other, that one is enough. */
function mergedNotes(ours: string, theirs: string): string {
  if (isWithin(theirs, ours)) return ours;
  if (isWithin(ours, theirs)) return theirs;
  const both = `${ours.trimEnd()}\n\n${theirs.trim()}`;
  return both.length <= MOST_NOTES ? both : ours;
}

function isWithin(part: string, whole: string): boolean {
  const paragraphs = new Set(paragraphsOf(whole));
  return paragraphsOf(part).every((paragraph) => paragraphs.has(paragraph));
}

const paragraphsOf = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");

/** Apps that have no place here get the one they had there. */
function mergedOrder(order: readonly ShelfItem[], theirs: MergeOrder["order"]): { order: ShelfItem[]; placed: number } {
  const placed = new Set<string>(order.flatMap((item) => ("app" in item ? [item.app] : item.apps)));
  let items = [...order];
  let count = 0;
  const take = (ids: readonly AppId[]): AppId[] => {
    const fresh = [...new Set(ids)].filter((id) => !placed.has(id));
    for (const id of fresh) placed.add(id);
    count += fresh.length;
    return fresh;
  };
  for (const item of theirs) {
    if ("app" in item) {
      items.push(...take([item.app]).map((app) => ({ app })));
      continue;
    }
    const fresh = take(item.apps);
    const ours = folderNamed(items, item.folder);
    if (ours === null) {
      count += fresh.length === 0 ? 1 : 0;
      items.push({ folder: newFolderId(), name: item.folder, apps: fresh });
    } else {
      items = items.map((other) => (other === ours ? { ...ours, apps: [...ours.apps, ...fresh] } : other));
    }
  }
  return { order: items, placed: count };
}

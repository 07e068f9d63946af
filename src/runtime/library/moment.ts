import type { AppId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";

/** What runs, and what scripts have left for others, by app. */
export interface Moment {
  runs: ReadonlyMap<AppId, readonly Run[]>;
  live: ReadonlyMap<AppId, readonly Run[]>;
  scripts: ReadonlyMap<AppId, readonly unknown[]>;
}

/** Looked up once for all apps. */
export function momentOf(runs: readonly Run[], scripts: Readonly<Record<string, unknown>>, api: string): Moment {
  const own = grouped(runs, ({ appId }) => appId);
  const below = `${api}/`;
  const left = grouped(Object.entries(scripts), ([path]) =>
    path.startsWith(below) ? (path.slice(below.length).split("/", 1)[0] as AppId) : null,
  );
  return { runs: own, live: new Map([...own].map(([id, all]) => [id, all.filter(isLive)])), scripts: left };
}

function grouped<Item>(items: readonly Item[], idOf: (item: Item) => AppId | null): Map<AppId, Item[]> {
  const groups = new Map<AppId, Item[]>();
  for (const item of items) {
    const id = idOf(item);
    if (id === null) continue;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [item]);
    else group.push(item);
  }
  return groups;
}

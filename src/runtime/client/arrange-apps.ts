import type { App } from "../protocol/apps.js";
import { type AppStatus, EMPTY_SHELF, type FolderId, type Shelf } from "../protocol/shelf.js";

export const APP_ORDERS = ["own", "name", "used", "disk", "status"] as const;
/** `own`: as a person has put them. `used`: the latest first. `disk`: the largest first. `status`: the most pressing first. */
export type AppOrder = (typeof APP_ORDERS)[number];

/** Apps in an order, all in one row. What is not known comes last. */
export function sortedApps(apps: readonly App[], order: AppOrder, shelf: Shelf | undefined): App[] {
  if (order === "own") return arrangedApps(apps, shelf).flatMap(({ apps: own }) => own);
  const byName = [...apps].sort((one, other) => collator.compare(nameOf(one), nameOf(other)));
  const rank = RANKS[order];
  return rank === null ? byName : byName.sort((one, other) => rank(one) - rank(other)); // sorting keeps equals in order
}

/** Apps that stand together: a folder's, or one without a folder. */
export interface AppGroup {
  folder: { id: FolderId; name: string } | null;
  apps: App[];
}

/** Apps as a person has put them. Neighbours without a folder are one group. */
export function arrangedApps(apps: readonly App[], shelf: Shelf = EMPTY_SHELF): AppGroup[] {
  const left = new Map(apps.map((app) => [app.id, app]));
  const take = (id: App["id"]): App[] => {
    const app = left.get(id);
    left.delete(id);
    return app === undefined ? [] : [app];
  };
  const groups: AppGroup[] = [];
  const addLoose = (loose: readonly App[]): void => {
    const last = groups.at(-1);
    if (loose.length === 0) return;
    if (last?.folder === null) last.apps.push(...loose);
    else groups.push({ folder: null, apps: [...loose] });
  };
  for (const item of shelf.items) {
    if ("app" in item) addLoose(take(item.app));
    else groups.push({ folder: { id: item.folder, name: item.name }, apps: item.apps.flatMap(take) });
  }
  addLoose([...left.values()]); // the shelf has not heard of them yet
  return groups;
}

export const diskBytesOf = ({ disk }: App): number | null =>
  disk === undefined ? null : disk.environmentsBytes + disk.filesBytes;

const nameOf = ({ title, id }: App): string => title || id;

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const RANKS: Record<Exclude<AppOrder, "own">, ((app: App) => number) | null> = {
  name: null,
  used: ({ statistics }) => -Date.parse(statistics?.lastUsedAt ?? "1970-01-01"),
  disk: (app) => -(diskBytesOf(app) ?? -1),
  status: ({ status }) => PRESSING.indexOf(status ?? "installed"),
};

const PRESSING: readonly AppStatus[] = [
  "running",
  "queued",
  "installing",
  "error",
  "not-installed",
  "update",
  "stopped",
  "installed",
];

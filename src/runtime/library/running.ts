import { join, relative } from "node:path";
import type { MenuItem } from "../protocol/apps.js";
import { addressOf, type Run } from "../protocol/runs.js";
import { itemHref } from "./default-item.js";

/** The engine tells which items' scripts run; only it knows. */
export function markRunning(menu: readonly MenuItem[], path: string, runs: readonly Run[], api: string): MenuItem[] {
  const live = new Set(runs.map((run) => run.script));
  return menu.map((item) => {
    const href = itemHref(item);
    const script = href === null ? null : relative(api, join(path, href.path));
    return {
      ...item,
      ...(item.menu === undefined ? {} : { menu: markRunning(item.menu, path, runs, api) }),
      ...(script !== null && live.has(script) ? { running: true } : {}),
    };
  });
}

/** What its scripts say comes first; an app whose address was missed can be opened all the same. */
export const urlOf = (runs: readonly Run[]): string | null =>
  [...runs.map(addressOf), ...runs.map(({ serving }) => serving?.url ?? null)].find((address) => address !== null) ??
  null;

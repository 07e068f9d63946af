import type { App } from "../runtime/protocol/apps.js";
import type { AppId } from "../runtime/protocol/ids.js";

type Named = Pick<App, "id" | "title">;

const titleOf = ({ id, title }: Named): string => (title || id).trim().toLowerCase();

/** Apps that a person cannot tell from others by their titles. */
export function alikeIn(apps: readonly Named[]): ReadonlySet<AppId> {
  const counts = new Map<string, number>();
  for (const app of apps) counts.set(titleOf(app), (counts.get(titleOf(app)) ?? 0) + 1);
  return new Set(apps.filter((app) => (counts.get(titleOf(app)) ?? 0) > 1).map(({ id }) => id));
}

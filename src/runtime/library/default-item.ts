import { normalize } from "node:path";
import type { MenuItem } from "../protocol/apps.js";

/** The script or page behind a menu item of the app itself, or null when it leads elsewhere. */
export function itemHref({ href }: MenuItem): { path: string; query: Record<string, string> } | null {
  if (href === undefined || /^(?:[a-z][a-z\d+.-]*:|\/|~\/)/i.test(href)) return null;
  const [withoutFragment = ""] = href.split("#");
  const [written = "", query = ""] = withoutFragment.split("?");
  const path = normalize(written);
  if (path === "." || path === "./" || path === ".." || path.startsWith("../")) return null;
  return { path, query: Object.fromEntries(new URLSearchParams(query)) };
}

/** The first default item in the order a person reads the menu, else null. */
export function defaultItem(menu: readonly MenuItem[]): MenuItem | null {
  for (const item of menu) {
    if (item.default === true && itemHref(item) !== null) return item;
    const below = item.menu === undefined ? null : defaultItem(item.menu);
    if (below !== null) return below;
  }
  return null;
}

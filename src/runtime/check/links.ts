import { posix } from "node:path";
import type { MenuItem } from "../protocol/apps.js";

/** Where a menu item leads inside the app. */
export interface Link {
  /** Relative to the app's folder. */
  path: string;
  params: Record<string, string>;
  isDefault: boolean;
  /** It is shown as a folder or file, not run. */
  isShown: boolean;
}

/** Every link of a menu that leads to a file of the app, those of its sub-menus included. */
export function linksIn(menu: readonly MenuItem[]): Link[] {
  return menu.flatMap((item) => {
    const own = linkOf(item);
    return [...(own === null ? [] : [own]), ...linksIn(item.menu ?? [])];
  });
}

function linkOf({ href, params, default: isDefault, ...item }: MenuItem): Link | null {
  if (href === undefined || /^(?:[a-z][a-z\d+.-]*:|\/|~\/)/i.test(href)) return null;
  const [, written = "", query = ""] = /^([^?#]*)(?:\?([^#]*))?/.exec(href) ?? [];
  const path = posix.normalize(written);
  if (written === "" || path === "." || path.startsWith("../")) return null;
  const asked = Object.fromEntries(new URLSearchParams(query));
  const given = Object.fromEntries(Object.entries(params ?? {}).map(([key, value]) => [key, String(value)]));
  return {
    path,
    params: { ...withoutRoutes(asked), ...given },
    isDefault: isDefault === true,
    isShown: Boolean(item["fs"]) || "fs" in asked || "mode" in asked || "raw" in asked,
  };
}

/** Words of a page's address that are no arguments. */
const ROUTES = ["run", "fullscreen", "mode", "fs", "raw"];

const withoutRoutes = (query: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(query).filter(([key]) => !ROUTES.includes(key)));

export const isScriptPath = (path: string): boolean => /\.(?:js|json|cjs|mjs)$/i.test(path);

import { posix, resolve } from "node:path";
import { toPlainData } from "../base/plain-data.js";
import type { MenuItem } from "../protocol/apps.js";
import { renderValue, type Scope } from "./template.js";

export interface MenuSurroundings {
  appDir: string;
  /** Where the launcher lies below the app's folder: "" or "pinokio". */
  launcherRoot: string;
  isRunning(scriptPath: string): boolean;
  /** What a menu that is a function is called with. */
  args: readonly unknown[];
  /** Names for the templates in `run` and `shell`. */
  scope: Scope;
}

const MOST_LEVELS = 12;

/** Turns what a launcher offers into plain items: functions called, paths below the app's folder, dead labels left out. */
export async function resolveMenu(menu: unknown, surroundings: MenuSurroundings, level = 0): Promise<MenuItem[]> {
  const offered: unknown = await (typeof menu === "function"
    ? (Reflect.apply(menu, undefined, [...surroundings.args]) as unknown)
    : menu);
  if (!Array.isArray(offered) || level > MOST_LEVELS) return [];
  const items: MenuItem[] = [];
  for (const item of offered as unknown[]) {
    const resolved = await resolveItem(await item, surroundings, level);
    if (resolved !== null) items.push(resolved);
  }
  return items;
}

async function resolveItem(item: unknown, surroundings: MenuSurroundings, level: number): Promise<MenuItem | null> {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return null;
  const written = item as Record<string, unknown>;
  if (typeof written["filter"] === "function" && !(await Reflect.apply(written["filter"], written, []))) return null;

  const text = captionOf(written, surroundings);
  if (text === null || !leadsSomewhere(written)) return null;

  const { html: _html, menu, run, shell, ...rest } = written;
  const result: MenuItem = { ...(toPlainData(rest) as Record<string, unknown>), text };
  const templates = { scope: surroundings.scope, isOwnText: () => false };
  if (run !== undefined) result["run"] = toPlainData(renderValue(run, templates));
  if (shell !== undefined) result["shell"] = toPlainData(renderValue(shell, templates));
  if (menu !== undefined) result.menu = await resolveMenu(menu, surroundings, level + 1);
  if (typeof written["href"] === "string" && written["href"] !== "") {
    result.href = hrefFromApp(written["href"], surroundings.launcherRoot);
    if (surroundings.isRunning(fileOf(result.href, surroundings.appDir))) result.running = true;
  } else {
    delete result.href;
  }
  return tidy(result);
}

/**
 * Launchers of 2023 show one caption while the script in `when` runs, another or none while it does not. What they call
 * a label tells something and is nothing to press, whatever else it says; a `text` may be pressed all the same.
 */
function captionOf(
  item: Record<string, unknown>,
  { appDir, launcherRoot, isRunning }: MenuSurroundings,
): string | null {
  const { when, on, off } = item;
  const isLabel = item["type"] === "label";
  if (typeof when === "string" && (on !== undefined || off !== undefined)) {
    if (isLabel) return null;
    const caption = isRunning(fileOf(hrefFromApp(when, launcherRoot), appDir)) ? on : off;
    return typeof caption === "string" ? caption : null;
  }
  if (isLabel && item["html"] !== undefined) return null;
  for (const caption of [item["text"], item["html"]]) {
    if (typeof caption === "string" || typeof caption === "number") return String(caption);
  }
  return null;
}

const leadsSomewhere = ({ href, action, menu, shell, run }: Record<string, unknown>): boolean =>
  [href, action, menu, shell, run].some(Boolean);

/** Addresses stay as they are; a path becomes relative to the app's folder and keeps its query and fragment. */
function hrefFromApp(href: string, launcherRoot: string): string {
  if (/^(?:[a-z][a-z\d+.-]*:|\/|~\/)/i.test(href)) return href;
  const [, path = "", rest = ""] = /^([^?#]*)(.*)$/s.exec(href) ?? [];
  const joined = posix.join(launcherRoot, path === "" ? "." : path);
  return (joined.startsWith("./") ? joined.slice(2) : joined) + rest;
}

function fileOf(href: string, appDir: string): string {
  return resolve(appDir, /^[^?#]*/.exec(href)?.[0] ?? href);
}

/** Values of the wrong kind would make the whole menu unreadable for those who check it. */
function tidy(item: MenuItem): MenuItem {
  const { icon, image, params, default: isDefault, popout, confirm, running, menu, text, href, ...other } = item;
  return {
    ...other,
    text,
    ...(typeof icon === "string" ? { icon } : {}),
    ...(typeof image === "string" ? { image } : {}),
    ...(href === undefined ? {} : { href }),
    ...(typeof params === "object" && params !== null && !Array.isArray(params) ? { params } : {}),
    ...(isDefault === undefined ? {} : { default: Boolean(isDefault) }),
    ...(popout === undefined ? {} : { popout: Boolean(popout) }),
    ...(typeof confirm === "string" ? { confirm } : {}),
    ...(running === undefined ? {} : { running }),
    ...(menu === undefined ? {} : { menu }),
  };
}

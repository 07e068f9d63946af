import type { App, MenuItem } from "../runtime/protocol/apps.js";
import { plainWords } from "../runtime/protocol/told.js";

/** What pressing an entry of a launcher's menu does. */
export type MenuAction =
  | { kind: "run"; script: string; input: Record<string, string> | null }
  | { kind: "open"; url: string }
  /** Looked at in the app's files. */
  | { kind: "files"; folder: string; file: string | null }
  | { kind: "group"; items: readonly MenuItem[] }
  | { kind: "none" };

const SCRIPT = /\.(js|json)$/;
const NAMES_FILE = /[^/]\.\w+$/;

export function menuAction(item: MenuItem, app: Pick<App, "id">): MenuAction {
  if (item.menu !== undefined && item.menu.length > 0) return { kind: "group", items: item.menu };
  const { href } = item;
  if (href === undefined) return { kind: "none" };
  if (/^https?:/i.test(href)) return { kind: "open", url: href };
  const [written = "", query = ""] = href.split("?", 2);
  if (/^[a-z][a-z\d+.-]*:|^[/~]/i.test(written)) return { kind: "none" };
  const path = insideApp(written);
  if (path === null) return { kind: "none" };
  const wantsFolder = query === "fs" || Boolean(item["fs"]);
  const isScript = SCRIPT.test(path);
  if (wantsFolder || !isScript) return filesAt(path, wantsFolder ? !isScript : !NAMES_FILE.test(path));
  // The script gets the query and the parameters as its input, where every value is text.
  const input = { ...Object.fromEntries(new URLSearchParams(query)), ...asTexts(item.params) };
  return {
    kind: "run",
    script: `${app.id}/${path}`,
    input: Object.keys(input).length > 0 ? input : null,
  };
}

function filesAt(path: string, isFolder: boolean): MenuAction {
  if (isFolder) return { kind: "files", folder: path, file: null };
  const end = path.lastIndexOf("/");
  return { kind: "files", folder: path.slice(0, Math.max(end, 0)), file: path.slice(end + 1) };
}

/** A path of the app without detours, or null when it leaves the app's folder. */
function insideApp(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return null;
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** What starting the app runs: its menu's default script, else the one that is called `start`. */
export function startOf(app: Pick<App, "id" | "menu">): (MenuAction & { kind: "run" }) | null {
  const items = flatten(app.menu);
  const runs = (item: MenuItem) => menuAction(item, app).kind === "run";
  const item =
    items.find((item) => item.default === true && runs(item)) ??
    items.find((item) => /^(\.\/)?start\.(js|json)$/.test(item.href ?? ""));
  const meaning = item === undefined ? null : menuAction(item, app);
  return meaning?.kind === "run" ? meaning : null;
}

/** The caption, which authors may write in HTML, as plain text. */
export function menuText(item: MenuItem): string {
  const text = plainWords(item.text ?? "").replace(/\s+/g, " ");
  return text || item.href || "";
}

/** Entries with these words in their caption, also those within groups; without words all as they stand. */
export function findItems(items: readonly MenuItem[], words: string): readonly MenuItem[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return items;
  return flatten(items).filter((item) => menuText(item).toLowerCase().includes(wanted));
}

/** Whether what the author puts first is among these. */
export const hasDefault = (items: readonly MenuItem[]): boolean => flatten(items).some((item) => item.default === true);

const flatten = (items: readonly MenuItem[]): MenuItem[] =>
  items.flatMap((item) => [item, ...flatten(item.menu ?? [])]);

const asTexts = (params: Record<string, unknown> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));

import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { errnoOf } from "../../base/file-errors.js";
import { pictureIn } from "../../base/picture.js";
import { PinokioError } from "../../protocol/errors.js";
import { CATALOG_ICON_BYTES, LAUNCHER } from "../../protocol/limits.js";
import type { Package } from "../../protocol/packages.js";
import { barePackage } from "../entry.js";
import type { CatalogSource, SourceContent, SourceKind } from "./source.js";

const LAUNCHERS = ["pinokio.js", "pinokio.json", "pinokio/pinokio.js", "pinokio/pinokio.json"];
const MOST_LAUNCHERS = 1_000;
const MOST_LAUNCHER_BYTES = 256 * 1024;

/** A folder of this machine that holds launchers, one in each folder of it, or that is one itself. */
export const folder: SourceKind = {
  kind: "folder",
  addressOf: (text, { userHome }) => {
    if (text === "~" || text.startsWith("~/")) return join(userHome, text.slice(1));
    return text.startsWith("/") ? resolve(text) : null;
  },
  open: ({ id, address }): CatalogSource => ({
    id,
    kind: "folder",
    label: basename(address) || address,
    address,
    refresh: () => Promise.resolve({ changed: true }), // it is read anew
    read: () => readLaunchers(id, address),
  }),
};

async function readLaunchers(source: string, root: string): Promise<SourceContent> {
  const names = await namesIn(root);
  const content: SourceContent = { packages: [], skipped: 0, problems: [], date: null };
  const isOne = LAUNCHERS.some((launcher) => existsSync(join(root, launcher)));
  const folders = isOne ? [root] : names.map((name) => join(root, name));
  for (const place of folders.slice(0, MOST_LAUNCHERS)) {
    const launcher = LAUNCHERS.find((name) => existsSync(join(place, name)));
    if (launcher !== undefined) content.packages.push(await packageIn(source, place, launcher));
  }
  if (folders.length > MOST_LAUNCHERS) {
    content.skipped = folders.length - MOST_LAUNCHERS;
    content.problems.push(`${root} holds ${folders.length} folders; the first ${MOST_LAUNCHERS} were looked at`);
  }
  return content;
}

async function namesIn(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.startsWith(".") && (entry.isDirectory() || entry.isSymbolicLink()))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    const why = { ENOENT: "it is not there", ENOTDIR: "it is no folder", EACCES: "its permissions do not let us" };
    const reason = why[(errnoOf(error) ?? "") as keyof typeof why] ?? String(error);
    throw new PinokioError("source-unreadable", `The folder ${root} cannot be read: ${reason}`, {
      hint: "Correct that and refresh the source, or remove it",
      cause: error,
    });
  }
}

async function packageIn(source: string, place: string, launcher: string): Promise<Package> {
  const said = await saidBy(join(place, launcher));
  const icon = said.icon === null ? null : await pictureIn(place, join(place, said.icon), CATALOG_ICON_BYTES);
  return barePackage({
    id: `${source}/${basename(place)}`,
    source,
    name: said.title ?? basename(place),
    summary: said.description ?? "",
    install: place,
    repository: null,
    icon,
  });
}

/**
 * What a launcher says of itself where that can be read without running it: texts that stand in it as they are. It is
 * for a list only; whoever installs sees what the launcher really says.
 */
async function saidBy(
  file: string,
): Promise<{ title: string | null; description: string | null; icon: string | null }> {
  try {
    if ((await stat(file)).size > MOST_LAUNCHER_BYTES) return { title: null, description: null, icon: null };
    const text = await readFile(file, "utf8");
    return {
      title: valueOf(text, "title", LAUNCHER.title),
      description: valueOf(text, "description", 600),
      icon: valueOf(text, "icon", 200),
    };
  } catch {
    return { title: null, description: null, icon: null };
  }
}

function valueOf(text: string, key: string, most: number): string | null {
  const found = new RegExp(`(?:^|[\\s{,])["']?${key}["']?\\s*:\\s*(["'])((?:(?!\\1)[^\\\\\\n]){1,${most}})\\1`).exec(
    text,
  )?.[2];
  const said = found?.replace(/[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, " ").trim();
  return said === undefined || said === "" ? null : said;
}

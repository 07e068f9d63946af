import { existsSync, lstatSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { makeFolder } from "../../base/make-folder.js";
import { treeSize } from "../../base/tree-size.js";
import { PinokioError } from "../../protocol/errors.js";
import type { Package } from "../../protocol/packages.js";
import type { JobContext } from "../jobs.js";
import type { KindRemoval, PackageWorld } from "./package-kind.js";
import type { PackageRecord } from "./package-store.js";

/** What a package's folder is called: the last part of its id. */
export const folderNameOf = ({ id }: Pick<Package, "id">): string =>
  id
    .slice(id.lastIndexOf("/") + 1)
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[.-]+/, "") || "package";

export interface PutOrder {
  source: string;
  folder: string;
  /** What was there before belongs to the same package. */
  isOwn: boolean;
  /** Throws to refuse what was fetched. */
  check(fetched: string): void;
}

/** Fetches a repository into its folder, whole or not at all; what was there before goes to the trash. */
export async function putClone(order: PutOrder, world: PackageWorld, context: JobContext): Promise<string | null> {
  const { source, folder, isOwn, check } = order;
  refuseTaken(folder, isOwn);
  const arriving = join(dirname(folder), `.arriving-${basename(folder)}`);
  makeFolder(dirname(folder));
  rmSync(arriving, { recursive: true, force: true }); // of a try that was cut off
  try {
    const commit = await world.clone(source, arriving, context);
    check(arriving);
    refuseTaken(folder, isOwn);
    if (existsSync(folder)) await world.toTrash([folder], "update");
    renameSync(arriving, folder);
    return commit;
  } catch (error) {
    rmSync(arriving, { recursive: true, force: true });
    throw error;
  }
}

function refuseTaken(folder: string, isOwn: boolean): void {
  if (isOwn || lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
  throw new PinokioError("app-exists", `${folder} is there already, and not from this package`, {
    hint: "Move it away, then install again",
  });
}

export async function folderRemoval(path: string, home: string): Promise<KindRemoval> {
  const { bytes } = await treeSize([path]);
  return { goes: [{ what: relative(home, path), bytes }], inUse: [] };
}

export const foldersIn = (folder: string): string[] => {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map(({ name }) => name);
  } catch {
    return [];
  }
};

/** What a record says about the package, for lists. */
export const viewOf = (record: PackageRecord, problem: string | null) => {
  const { id, type, name, version, commit, place, installedAt, wanted } = record;
  return { id, type, name, version, commit, place, installedAt, wanted, problem, record };
};

/** What somebody has put here by hand. */
export const foundByHand = (type: Package["type"], name: string, place: string) => ({
  id: `${type}:${name}`,
  type,
  name,
  version: null,
  commit: null,
  place,
  installedAt: null,
  wanted: true,
  problem: null,
  record: null,
});

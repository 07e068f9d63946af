import { existsSync, lstatSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { namesIn } from "../base/names-in.js";
import type { Git, GitOrder } from "./git.js";
import { headOf, isBefore } from "./look.js";

type At = Pick<GitOrder, "cwd" | "signal" | "remote">;

/** Larger lists are of packs that a clone has brought, not an update. */
const MOST_LIST_BYTES = 20 * 1024 ** 2;
const ID_BYTES = 20;
const PACK_PARTS = [".idx", ".rev", ".promisor", ".bitmap", ".pack"]; // nobody looks into a pack without its list

/**
 * Gives back the room that a commit takes which was fetched and cannot be moved to. What anything else of the folder
 * needs stays: its branches, what is staged, and what it stood at before.
 */
export async function dropFetched(git: Git, at: At, commit: string): Promise<void> {
  dropHalfWritten(await objectsOf(git, at));
  const head = await headOf(git, at);
  if (head === null || head === commit || !(await isBefore(git, at, head, commit))) return;
  for (const ref of await remoteNamesOf(git, at, commit)) {
    await git.run(["update-ref", "--no-deref", ref, head], at);
    await git.run(["reflog", "expire", "--expire=all", ref], at);
  }
  const listed = ["rev-list", "--objects", "--no-object-names", "--missing=allow-any"];
  const going = new Set(linesOf(await git.run([...listed, commit, `^${head}`], at)));
  const needed = await git.run([...listed, "--all", "--reflog", "--indexed-objects"], at);
  for (const id of linesOf(needed)) going.delete(id);
  if (going.size > 0) dropObjects(await objectsOf(git, at), going);
}

/** What a git has left that found no room for it. */
export function dropHalfWritten(objects: string): void {
  for (const folder of namesIn(objects)) {
    for (const name of namesIn(join(objects, folder))) {
      if (/^tmp_(?:obj|pack|idx|rev)_/.test(name)) rmSync(join(objects, folder, name), { force: true });
    }
  }
}

export const objectsOf = async (git: Git, at: At): Promise<string> =>
  join(at.cwd, (await git.run(["rev-parse", "--git-path", "objects"], at)).trim());

async function remoteNamesOf(git: Git, at: At, commit: string): Promise<string[]> {
  const format = "--format=%(refname)%00%(symref)";
  const lines = linesOf(await git.run(["for-each-ref", `--points-at=${commit}`, format, "refs/remotes"], at));
  return lines.flatMap((line) => {
    const [name = "", leadsTo] = line.split("\0");
    return leadsTo === "" ? [name] : [];
  });
}

function dropObjects(objects: string, going: ReadonlySet<string>): void {
  const loose = (id: string): string => join(objects, id.slice(0, 2), id.slice(2));
  for (const id of going) rmSync(loose(id), { force: true });
  const folder = join(objects, "pack");
  if (existsSync(join(folder, "multi-pack-index"))) return;
  const packs = namesIn(folder).flatMap((name) => {
    const ids = name.endsWith(".idx") ? idsIn(join(folder, name)) : null;
    return ids === null ? [] : [{ name: name.slice(0, -".idx".length), ids }];
  });
  const stays = packs.filter(({ ids }) => !ids.some((id) => going.has(id)));
  const elsewhere = new Set(stays.flatMap(({ ids }) => ids));
  for (const { name, ids } of packs) {
    const isKept = stays.some((one) => one.name === name) || existsSync(join(folder, `${name}.keep`));
    if (isKept || !ids.every((id) => going.has(id) || elsewhere.has(id) || existsSync(loose(id)))) continue;
    for (const part of PACK_PARTS) rmSync(join(folder, `${name}${part}`), { force: true });
  }
}

/** The objects that a pack holds, from its list; null where that is too long, or of another kind. */
function idsIn(list: string): string[] | null {
  if (lstatSync(list).size > MOST_LIST_BYTES) return null;
  const bytes = readFileSync(list);
  const [header, counts] = [8, 256 * 4];
  if (bytes.readUInt32BE(0) !== 0xff744f63 || bytes.readUInt32BE(4) !== 2) return null;
  const count = bytes.readUInt32BE(header + counts - 4);
  const idAt = (index: number): number => header + counts + index * ID_BYTES;
  return Array.from({ length: count }, (_, index) => bytes.toString("hex", idAt(index), idAt(index + 1)));
}

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

import { chmodSync, copyFileSync, existsSync, lstatSync, renameSync, statfsSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { download } from "../base/download.js";
import { makeFolder } from "../base/make-folder.js";
import { PinokioError } from "../protocol/errors.js";
import type { FillOrder } from "./fill-order.js";
import type { Git } from "./git.js";
import { askLfs, lfsEndpoint, type LfsObject } from "./lfs-server.js";

/** A file in whose place only the digest and the size of its contents are in the repository. */
interface Pointer extends LfsObject {
  path: string;
}

const LARGEST_POINTER_BYTES = 1_024;
const AT_ONCE = 3;

/**
 * Fetches the contents of large files and puts them where their pointers are. They are moved there, so that they lie
 * on the disk once. What has arrived in an earlier try is not fetched again.
 */
export async function fetchLargeFiles(git: Git, order: FillOrder): Promise<void> {
  const { folder, objects, signal } = order;
  const pointers = await pointersIn(git, folder, signal);
  if (pointers.length === 0) return;
  makeFolder(objects);
  const unique = [...new Map(pointers.map((pointer) => [pointer.oid, pointer])).values()];
  const missing = unique.filter(({ oid, size }) => sizeOf(join(objects, oid)) !== size);
  requireSpace(objects, total(missing));
  if (order.remote.url.startsWith("file:")) copyObjects(fileURLToPath(order.remote.url), missing, objects);
  else if (missing.length > 0) await downloadObjects(git, missing, order);
  await letGitKnow(git, folder, signal);
  putInPlace(folder, objects, pointers);
  // The index holds the sizes of the pointers: a refresh alone would call every file changed.
  const paths = pointers.map(({ path }) => path).join("\0");
  await git.run(["update-index", "-z", "--stdin"], { cwd: folder, signal, input: paths });
}

async function downloadObjects(git: Git, missing: readonly LfsObject[], order: FillOrder): Promise<void> {
  const { folder, objects, remote, signal, tell } = order;
  const arrived = new Map<string, number>();
  const say = (oid: string, bytes: number): void => {
    arrived.set(oid, bytes);
    const done = [...arrived.values()].reduce((sum, one) => sum + one, 0);
    tell({ phase: "lfs", progress: { done, total: total(missing), unit: "bytes" } });
  };
  tell({ phase: "lfs", progress: { done: 0, total: total(missing), unit: "bytes" } });
  const endpoint = await lfsEndpoint(git, folder, remote, signal);
  const places = await askLfs(endpoint, missing, remote, signal);
  await inTurns(places, AT_ONCE, async ({ oid, href, headers }) => {
    const to = { path: join(objects, oid) };
    await download({ url: href, to, headers, sha256: oid, signal, retries: 3, onProgress: (bytes) => say(oid, bytes) });
  });
}

async function pointersIn(git: Git, folder: string, signal: AbortSignal): Promise<Pointer[]> {
  if (!(await hasLargeFiles(git, folder, signal))) return [];
  const names = await git.run(["ls-files", "-z"], { cwd: folder, signal });
  const told = await git.run(["check-attr", "-z", "--stdin", "filter"], { cwd: folder, signal, input: names });
  const fields = told.split("\0");
  const found: Pointer[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const path = fields[at] ?? "";
    const pointer = fields[at + 2] === "lfs" ? await readPointer(join(folder, path)) : null;
    if (pointer !== null) found.push({ path, ...pointer });
  }
  return found;
}

async function hasLargeFiles(git: Git, folder: string, signal: AbortSignal): Promise<boolean> {
  const names = await git.run(["ls-files", "-z", "--", ".gitattributes", "*/.gitattributes"], { cwd: folder, signal });
  for (const name of names.split("\0").filter((one) => one !== "")) {
    const text = await readFile(join(folder, name), "utf8").catch(() => "");
    if (text.includes("filter=lfs")) return true;
  }
  return false;
}

/** Null for a file that has its contents already. */
async function readPointer(file: string): Promise<LfsObject | null> {
  const size = sizeOf(file);
  if (size === null || size > LARGEST_POINTER_BYTES) return null;
  const text = await readFile(file, "utf8");
  if (!text.startsWith("version https://git-lfs.github.com/spec/")) return null;
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const bytes = /^size (\d+)$/m.exec(text)?.[1];
  return oid === undefined || bytes === undefined ? null : { oid, size: Number(bytes) };
}

/** A repository of this machine keeps them beside its commits. */
function copyObjects(remote: string, missing: readonly LfsObject[], objects: string): void {
  for (const { oid } of missing) {
    const below = join("lfs/objects", oid.slice(0, 2), oid.slice(2, 4), oid);
    const found = [join(remote, below), join(remote, ".git", below)].find((place) => existsSync(place));
    if (found === undefined) {
      throw new PinokioError("repository-missing", `${remote} does not hold one of its large files, ${oid}`, {
        hint: "Fetch its large files there first, with git lfs fetch --all",
      });
    }
    copyFileSync(found, `${join(objects, oid)}.part`);
    renameSync(`${join(objects, oid)}.part`, join(objects, oid));
  }
}

/** The last file with these contents gets the object itself. */
function putInPlace(folder: string, objects: string, pointers: readonly Pointer[]): void {
  const left = new Map<string, number>();
  for (const { oid } of pointers) left.set(oid, (left.get(oid) ?? 0) + 1);
  for (const { path, oid } of pointers) {
    const to = join(folder, path);
    const { mode } = lstatSync(to);
    const others = (left.get(oid) ?? 1) - 1;
    left.set(oid, others);
    const object = join(objects, oid);
    const arriving = others === 0 ? object : `${object}.copy`;
    if (others > 0) copyFileSync(object, arriving);
    chmodSync(arriving, mode & 0o777);
    renameSync(arriving, to);
  }
}

/**
 * git compares files by what a filter makes of them. Where git-lfs is missing, a short script makes pointers: else every
 * large file would count as changed.
 */
async function letGitKnow(git: Git, folder: string, signal: AbortSignal): Promise<void> {
  const at = { cwd: folder, signal };
  if ((await git.ask(["lfs", "version"], at)) !== null) {
    await git.run(["lfs", "install", "--local", "--skip-repo", "--force"], at);
    return;
  }
  const own = (await git.run(["rev-parse", "--absolute-git-dir"], at)).replace(/\n$/, "");
  makeFolder(join(own, "lfs"));
  writeFileSync(join(own, POINTER_PLACE), POINTER_SCRIPT, { mode: 0o755 });
  // Found anew each time: what is fetched is moved to where it stays.
  await git.run(["config", "filter.lfs.clean", `sh "$(git rev-parse --git-path ${POINTER_PLACE})"`], at);
}

const POINTER_PLACE = "lfs/pointer.sh";

/** Reads a file once, whatever its size, and keeps none of it. */
const POINTER_SCRIPT = `# Writes the pointer of a large file, as git-lfs would: what git compares.
d=$(mktemp -d) || exit 1
trap 'rm -rf "$d"' EXIT
mkfifo "$d/digest" "$d/size" || exit 1
sha256sum <"$d/digest" >"$d/a" &
wc -c <"$d/size" >"$d/b" &
tee "$d/digest" "$d/size" | { head -c ${LARGEST_POINTER_BYTES} >"$d/start"; cat >/dev/null; }
wait
case $(head -c 41 "$d/start" | tr -d '\\0') in
  "version https://git-lfs.github.com/spec/v"*) cat "$d/start" ;;
  *) printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%s\\nsize %s\\n' "$(cut -c1-64 "$d/a")" "$(tr -d ' ' <"$d/b")" ;;
esac
`;

function requireSpace(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const inGigabytes = (amount: number): string => `${(amount / 1e9).toFixed(1)} GB`;
  const sentence = `The repository's large files need ${inGigabytes(bytes)}, and ${inGigabytes(free)} are free`;
  throw new PinokioError("out-of-space", sentence, { hint: "Free some space on that disk, then try again" });
}

const total = (objects: readonly LfsObject[]): number => objects.reduce((sum, { size }) => sum + size, 0);

const sizeOf = (path: string): number | null => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.size : null;
};

/** After a failure nothing new is begun, and what is under way comes to its end: it counts in the next try. */
async function inTurns<Item>(items: readonly Item[], most: number, work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item);
      } catch (error) {
        waiting.splice(0);
        throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, worker));
  for (const one of workers) if (one.status === "rejected") throw one.reason;
}

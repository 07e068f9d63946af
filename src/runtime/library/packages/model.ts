import { createHash } from "node:crypto";
import {
  createReadStream,
  lstatSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { isInside } from "../../base/inside-folder.js";
import { PinokioError } from "../../protocol/errors.js";
import type { Package, PackageFile } from "../../protocol/packages.js";
import { sizeText } from "../../protocol/sizes.js";
import type { JobContext } from "../jobs.js";
import { viewOf } from "./cloned-folder.js";
import type { FoundHere, PackageKind, PackageWorld } from "./package-kind.js";
import type { PackageRecord } from "./package-store.js";

/** Where models go whose package names no family. */
const USUAL_FAMILY = "checkpoints";
const FAMILY = /^[A-Za-z0-9][\w.-]{0,60}$/;

/** Files in the family's folder of the drive, where every app that links to it finds them. */
export const model: PackageKind = {
  type: "model",

  plan: (pack, world) => {
    const { files } = pack;
    if (files.length === 0) {
      throw new PinokioError("source-unsupported", `${pack.name} names no file to download`, {
        hint: "Its entry in the catalog has to list the model's files",
      });
    }
    const sizes = files.map(({ bytes }) => bytes);
    const bytes = sizes.some((size) => size === null)
      ? null
      : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    return Promise.resolve({ where: relative(world.home, folderOf(pack, world)), bytes, inspect: null });
  },

  install: async ({ pack, before }, world, context) => {
    const folder = folderOf(pack, world);
    const total = pack.files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    checkSpace(pack, missingBytes(pack.files, folder), world);
    const files: PackageRecord["files"] = [];
    let done = 0;
    for (const file of pack.files) {
      const path = join(folder, file.name);
      const isOwn = before?.files.some((one) => one.path === relative(world.home, path)) === true;
      const got = await putFile({ file, path, isOwn }, world, inAll(context, done, total));
      done += got.bytes;
      files.push({ path: relative(world.home, path), ...got });
    }
    return { version: pack.version, commit: pack.commit, place: relative(world.home, folder), files, requirements: [] };
  },

  list: (records, { home }) => records.map((record) => viewOf(record, problemOf(record, home))),

  removal: (found, _, world) =>
    Promise.resolve({
      goes: (found.record?.files ?? []).map(({ path, bytes }) => ({ what: path, bytes })),
      inUse: appsThatSee(found, world),
    }),

  remove: async (found, records, world) => {
    const others = new Set(
      records.filter(({ id }) => id !== found.id).flatMap(({ files }) => files.map(({ path }) => path)),
    );
    const paths = (found.record?.files ?? [])
      .filter(({ path }) => !others.has(path))
      .map(({ path }) => join(world.home, path));
    const there = paths.filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
    if (there.length > 0) await world.toTrash(there, "uninstall");
  },
};

function folderOf({ models, name }: Package, { drive }: PackageWorld): string {
  const [family = USUAL_FAMILY] = models;
  if (FAMILY.test(family)) return join(drive, family);
  throw new PinokioError("source-unsupported", `${name} names ${JSON.stringify(family)} as its family of models`, {
    hint: "A family is one word, such as checkpoints or loras",
  });
}

const missingBytes = (files: readonly PackageFile[], folder: string): number =>
  files
    .filter(({ name }) => statSync(join(folder, name), { throwIfNoEntry: false }) === undefined)
    .reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);

function checkSpace({ name }: Package, wanted: number, world: PackageWorld): void {
  const free = world.freeBytes();
  if (wanted < free) return;
  throw new PinokioError("out-of-space", `${name} takes ${sizeText(wanted)}, and ${sizeText(free)} are free`, {
    hint: "Free some space on that disk, then try again",
  });
}

interface PutFile {
  file: PackageFile;
  path: string;
  /** This package has put it there before. */
  isOwn: boolean;
}

type Got = Omit<PackageRecord["files"][number], "path">;

/** What is there already stays when it is the same. What is ours and another goes to the trash; what is not ours is not touched. */
async function putFile({ file, path, isOwn }: PutFile, world: PackageWorld, context: JobContext): Promise<Got> {
  const wanted = file.sha256?.toLowerCase();
  const order = { url: file.url, sha256: wanted };
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return world.download({ ...order, path }, context);
  const isUsual = found.isFile() && (file.bytes === null || file.bytes === found.size);
  const digest = isUsual && wanted !== undefined ? await digestOf(path, context.signal) : null;
  if (digest !== null && digest === wanted) return { bytes: found.size, sha256: digest };
  if (!isOwn) {
    throw new PinokioError("app-exists", `${path} is there already, and may be another file`, {
      hint: "Move it away, then install again",
    });
  }
  const arriving = `${path}.arriving`;
  const got = await world.download({ ...order, path: arriving }, context);
  if ((digest ?? (await digestOf(path, context.signal))) === got.sha256) rmSync(path);
  else await world.toTrash([path], "update");
  renameSync(arriving, path);
  return got;
}

async function digestOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { signal })) hash.update(piece as Buffer);
  return hash.digest("hex");
}

/** Progress of one file as that of all of them. */
const inAll = (context: JobContext, before: number, total: number): JobContext => ({
  ...context,
  tell: ({ progress, ...change }) =>
    context.tell({
      ...change,
      ...(progress === undefined || progress === null
        ? {}
        : { progress: { ...progress, done: before + progress.done, total: total > 0 ? total : progress.total } }),
    }),
});

function problemOf({ files }: PackageRecord, home: string): string | null {
  for (const { path, bytes } of files) {
    const found = statSync(join(home, path), { throwIfNoEntry: false });
    if (found === undefined) return `${path} is gone`;
    if (found.size !== bytes) return `${path} has ${sizeText(found.size)} and should have ${sizeText(bytes)}`;
  }
  return null;
}

/** How deep below an app links to the drive are looked for. */
const DEEPEST = 3;

/** Apps with a link into the folder that a model lies in, or above it. */
function appsThatSee({ record }: FoundHere, { home, api }: PackageWorld): string[] {
  const folders = [...new Set((record?.files ?? []).map(({ path }) => realOf(join(home, dirname(path)))))];
  const sees = (target: string): boolean => folders.some((folder) => isInside(target, folder));
  return foldersIn(api).filter((app) => linksBelow(join(api, app), DEEPEST).some(sees));
}

function linksBelow(folder: string, depth: number): string[] {
  return entriesIn(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) return [realOf(resolve(folder, readlinkSync(path)))];
    const isWorthLooking =
      depth > 0 && entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules";
    return isWorthLooking ? linksBelow(path, depth - 1) : [];
  });
}

const foldersIn = (folder: string): string[] =>
  entriesIn(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

function entriesIn(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

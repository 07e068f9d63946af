import { lstatSync, readlinkSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { namesIn } from "../base/names-in.js";
import { bytesOnDisk } from "../base/tree-size.js";
import type { AppId } from "../protocol/ids.js";
import { type ModelFile, modelFile } from "./model-file.js";

/** `models--org--name` of a cache of Hugging Face: contents in `blobs`, and names for them in `snapshots/<commit>`. */
export interface HubRepository {
  folder: string;
  /** As on the hub: `org/name`. */
  name: string;
  app: AppId | null;
  /** Of everything in it. */
  bytes: number;
  /** Each content once. */
  files: ModelFile[];
  /** The names of files in its snapshots. */
  names: string[];
  /** What was not loaded to its end. */
  partial: string[];
}

const FOLDER = /^models--(.+)$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** What is smaller is a description, not a model. */
const LEAST_BYTES = 1024 ** 2;
const MOST_ENTRIES = 20_000;

export const isHubRepository = (folder: string): boolean =>
  FOLDER.test(basename(folder)) && ["blobs", "snapshots"].some((part) => namesIn(join(folder, part)).length > 0);

export function readHubRepository(folder: string, app: AppId | null): HubRepository {
  const name = (FOLDER.exec(basename(folder))?.[1] ?? "").replace("--", "/");
  const repository: HubRepository = { folder, name, app, bytes: 0, files: [], names: [], partial: [] };
  const named = readSnapshots(repository);
  for (const blob of namesIn(join(folder, "blobs"))) {
    if (blob.endsWith(".incomplete")) {
      repository.partial.push(join(folder, "blobs", blob));
      continue;
    }
    const shown = named.get(blob) ?? blob;
    addFile(repository, join(folder, "blobs", blob), shown, SHA256.test(blob) ? blob : null);
  }
  return repository;
}

/** What snapshots call each blob. Where a disk takes no links, the files lie in them. */
function readSnapshots(repository: HubRepository): Map<string, string> {
  const named = new Map<string, string>();
  const root = join(repository.folder, "snapshots");
  const waiting = [root];
  let left = MOST_ENTRIES;
  for (let next = waiting.pop(); next !== undefined && left > 0; next = waiting.pop(), left--) {
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (found === undefined) continue;
    if (found.isDirectory()) for (const name of namesIn(next)) waiting.push(join(next, name));
    else {
      const name = relative(root, next).split("/").slice(1).join("/");
      repository.names.push(name);
      if (found.isSymbolicLink()) noteName(named, repository.folder, next, name);
      else addFile(repository, next, name, null);
    }
  }
  return named;
}

function noteName(named: Map<string, string>, folder: string, link: string, name: string): void {
  const target = resolve(dirname(link), readlinkSync(link));
  if (dirname(target) === join(folder, "blobs")) named.set(basename(target), name);
}

function addFile(repository: HubRepository, path: string, name: string, sha256: string | null): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true) return;
  repository.bytes += bytesOnDisk(found);
  const { app, folder } = repository;
  if (found.size >= LEAST_BYTES) repository.files.push(modelFile({ path, name, app, model: folder, sha256 }, found));
}

import { existsSync } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import { join, relative } from "node:path";
import { isInside } from "../../base/inside-folder.js";
import { movePath } from "../../base/move-path.js";
import { treeSize } from "../../base/tree-size.js";
import { PinokioError } from "../../protocol/errors.js";
import type { AppId } from "../../protocol/ids.js";
import type { MadeFile } from "../../protocol/install-requests.js";
import type { Job } from "../../protocol/jobs.js";
import { sizeText } from "../../protocol/sizes.js";
import { isMadeByPrograms } from "../environment-folders.js";
import type { InstalledApp } from "../installed-store.js";
import type { JobContext, Jobs } from "../jobs.js";

export interface StudioOptions {
  home: string;
  api: string;
  drive: string;
  /** Where files go when nobody says where. */
  folderFor(id: AppId): string;
  record(id: AppId): InstalledApp | null;
  jobs: Jobs;
  stopRuns(id: AppId): Promise<void>;
  /** Removes everything of the app, for good. Resolves with how many bytes came back. */
  removeAll(id: AppId, context: JobContext): Promise<number>;
  /** Drops how it was used and how long its scripts took. */
  forget(id: AppId): void;
}

export interface Studio {
  files(id: AppId): Promise<{ files: MadeFile[]; totalFiles: number; totalBytes: number; stays: string[] }>;
  end(id: AppId, keep: "all" | readonly string[], to?: string): Promise<{ job: Job; keptIn: string | null }>;
}

/** More than anybody looks through; the largest are shown. */
const MOST_FILES = 2_000;

/** Apps that are put up for a while: what they make is kept, and everything else of them goes. */
export function createStudio(options: StudioOptions): Studio {
  const { home, api, drive, folderFor, record, jobs, stopRuns, removeAll, forget } = options;
  const staysOf = (id: AppId): Promise<string[]> => driveFolders(join(api, id), { home, drive });

  const madeIn = async (id: AppId): Promise<MadeFile[]> => {
    const app = record(id);
    if (app === null || !existsSync(join(api, id))) {
      throw new PinokioError("app-missing", `No app named ${id} is installed`);
    }
    if (app.studio === null) {
      throw new PinokioError("request-invalid", `${id} was installed to stay`, {
        hint: "Uninstall it; what only it used goes too, and can be had back from the trash",
      });
    }
    const found = await filesSince(join(api, id), Date.parse(app.studio.since ?? app.installedAt));
    return found.sort((one, other) => other.bytes - one.bytes);
  };

  return {
    files: async (id) => {
      const files = await madeIn(id);
      const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
      return { files: files.slice(0, MOST_FILES), totalFiles: files.length, totalBytes, stays: await staysOf(id) };
    },
    end: async (id, keep, to = folderFor(id)) => {
      const made = (await madeIn(id)).map(({ path }) => path);
      const wanted = keep === "all" ? made : [...keep];
      const unknown = wanted.find((path) => !made.includes(path));
      if (unknown !== undefined) {
        throw new PinokioError("request-invalid", `${id} has made no file ${unknown}`, {
          hint: "Look again at what it has made",
        });
      }
      const work = async (context: JobContext): Promise<void> => {
        context.tell({ phase: "keep", canCancel: false });
        await stopRuns(id);
        wanted.forEach((path, at) => {
          movePath(join(api, id, path), freePath(join(to, path)));
          context.tell({ progress: { done: at + 1, total: wanted.length, unit: "files" } });
        });
        const stays = await staysOf(id);
        context.tell({ phase: "remove", progress: null });
        const bytes = await removeAll(id, context);
        forget(id);
        const said = stays.map((folder) => `${folder} stays on the drive: other apps may use it`);
        context.tell({ progress: { done: bytes, total: bytes, unit: "bytes" }, said });
      };
      const job = jobs.start({ kind: "studio", appId: null, title: `Remove every trace of ${id}`, work });
      return { job, keptIn: wanted.length === 0 ? null : to };
    },
  };
}

/** Files that were written after a moment. Links are not followed: what they lead to is not the app's. */
async function filesSince(root: string, since: number, below = ""): Promise<MadeFile[]> {
  const found: MadeFile[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true }).catch(() => [])) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== ".git" && !isMadeByPrograms(root, path)) found.push(...(await filesSince(root, since, path)));
    } else if (entry.isFile()) {
      const { size, mtimeMs } = await lstat(join(root, path));
      if (mtimeMs > since) found.push({ path, bytes: size });
    }
  }
  return found;
}

/** Folders of the drive that links of an app lead to, and that hold something, below the home. */
async function driveFolders(root: string, { home, drive }: { home: string; drive: string }): Promise<string[]> {
  const real = await realpath(drive).catch(() => null);
  if (real === null) return [];
  const places = new Set<string>();
  for (const link of await linksBelow(root)) {
    const target = await realpath(link).catch(() => null); // it leads nowhere
    if (target !== null && isInside(real, target)) places.add(join(drive, relative(real, target)));
  }
  const found: string[] = [];
  for (const place of [...places].sort()) {
    const { files, bytes, sharedBytes } = await treeSize([place]);
    const count = files === 1 ? "1 file" : `${files} files`;
    if (files > 0) found.push(`${relative(home, place)} (${count}, ${sizeText(bytes + sharedBytes)})`);
  }
  return found;
}

async function linksBelow(root: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true }).catch(() => [])) {
    const path = join(below, entry.name);
    if (entry.isSymbolicLink()) found.push(join(root, path));
    else if (entry.isDirectory() && entry.name !== ".git" && !isMadeByPrograms(root, path))
      found.push(...(await linksBelow(root, path)));
  }
  return found;
}

/** What is there already is not written over. */
function freePath(path: string): string {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? path : path.replace(/(\.[^./]*)?$/, `-${number}$1`);
    if (!existsSync(tried)) return tried;
  }
}

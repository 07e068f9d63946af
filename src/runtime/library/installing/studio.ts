import { existsSync } from "node:fs";
import { join } from "node:path";
import { appMissing } from "../../base/app-missing.js";
import { explainFileError } from "../../base/file-errors.js";
import { isInside, leadsTo } from "../../base/inside-folder.js";
import { PinokioError, toWireError } from "../../protocol/errors.js";
import type { LeftToken } from "../../protocol/changes.js";
import type { AppId } from "../../protocol/ids.js";
import type { MadeFile } from "../../protocol/install-requests.js";
import type { Job } from "../../protocol/jobs.js";
import type { ReplyOf } from "../../protocol/requests.js";
import { sizeText } from "../../protocol/sizes.js";
import type { InstalledApp } from "../installed-store.js";
import type { JobContext, Jobs } from "../jobs.js";
import { type DrivePart, drivePartsOf, dropEmptyAround } from "./drive-parts.js";
import { forgetFolders, knownFolders } from "./known-folders.js";
import { filesSince, keepMade, type MadeSince } from "./made-files.js";

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
  /** The same of folders of the drive. */
  removeFolders(folders: readonly string[], context: JobContext): Promise<number>;
  /** The token of the host it came from that nobody needs without it, or null. */
  tokenLeft(id: AppId): LeftToken | null;
  /** Whether a program has a file of a folder open. */
  isOpen(folder: string): boolean;
  /** Drops how it was used and how long its scripts took. */
  forget(id: AppId): void;
}

export interface Studio {
  files(id: AppId): Promise<ReplyOf<"studio.files">>;
  end(id: AppId, order: StudioEnd): Promise<{ job: Job; keptIn: string | null }>;
}

export interface StudioEnd {
  keep: "all" | readonly string[];
  /** Folders of the drive that go too: only this app uses them, and a person has agreed. */
  drive?: readonly string[];
  to?: string | undefined;
}

/** A file that was made, and where it lies. */
interface Made extends MadeFile {
  at: string;
}

/** More than anybody looks through; the largest are shown. */
const MOST_FILES = 2_000;

/** Apps that are put up for a while: what they make is kept, and everything else of them goes. */
export function createStudio(options: StudioOptions): Studio {
  const { api, folderFor, record, jobs, stopRuns, removeAll, removeFolders, isOpen, forget } = options;

  const sinceOf = (id: AppId): MadeSince => {
    const app = record(id);
    if (app === null || !existsSync(join(api, id))) {
      throw appMissing(id);
    }
    if (app.studio === null) {
      throw new PinokioError("request-invalid", `${id} was installed to stay`, {
        hint: "Uninstall it; what only it used goes too, and can be had back from the trash",
      });
    }
    const begun = Date.parse(app.installedAt);
    const installed = app.studio.since === null ? begun : Date.parse(app.studio.since);
    return { begun, installed, known: knownFolders(id, options) };
  };

  /** In its folder, and in folders of the drive that are its alone. */
  const madeBy = async (id: AppId, parts: readonly DrivePart[]): Promise<Made[]> => {
    const since = sinceOf(id);
    const root = join(api, id);
    const own = (await filesSince(root, since)).map((file) => ({ ...file, at: join(root, file.path) }));
    for (const { place, folder, link, mayGo } of parts) {
      for (const { path, bytes } of mayGo ? await filesSince(place, since) : [])
        own.push({ path: join(link, path), bytes, drive: folder, at: join(place, path) });
    }
    return own.sort((one, other) => other.bytes - one.bytes);
  };

  const chosenFrom = (id: AppId, made: readonly Made[], { keep, drive = [] }: StudioEnd): readonly Made[] => {
    if (keep === "all") return made.filter((file) => file.drive === undefined || drive.includes(file.drive));
    const known = new Map(made.map((file) => [file.path, file]));
    return keep.map((path) => {
      const found = known.get(path);
      if (found !== undefined) return found;
      throw new PinokioError("request-invalid", `${id} has made no file ${path}`, {
        hint: "Look again at what it has made",
      });
    });
  };

  /** What may still go of what was agreed to: somebody may use it by now. */
  const goingOf = async (id: AppId, drive: readonly string[]): Promise<{ going: string[]; said: string[] }> => {
    const going: string[] = [];
    const said: string[] = [];
    for (const part of await drivePartsOf(id, options)) {
      const { place, folder, files, bytes, usedBy } = part;
      const isAgreed = part.mayGo && drive.includes(folder);
      if (isAgreed && !isOpen(place)) going.push(place);
      else if (files > 0) {
        const why = isAgreed ? ": a program has a file of it open" : usedBy.length === 0 ? "" : usedText(usedBy);
        said.push(
          `${folder} (${files === 1 ? "1 file" : `${files} files`}, ${sizeText(bytes)}) stays on the drive${why}`,
        );
      }
    }
    return { going, said };
  };

  return {
    files: async (id) => {
      sinceOf(id);
      const parts = await drivePartsOf(id, options);
      const made = await madeBy(id, parts);
      const files = made.map(({ at: _, ...file }) => file);
      const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
      const drive = parts
        .filter((part) => part.files > 0)
        .map(({ place: _, link: __, ...part }) => {
          const own = made.filter((file) => file.drive === part.folder);
          return { ...part, madeFiles: own.length, madeBytes: own.reduce((sum, { bytes }) => sum + bytes, 0) };
        });
      const token = options.tokenLeft(id);
      return { files: files.slice(0, MOST_FILES), totalFiles: files.length, totalBytes, drive, token };
    },
    end: async (id, order) => {
      const { drive = [], to = folderFor(id) } = order;
      sinceOf(id);
      const parts = await drivePartsOf(id, options);
      const wanted = chosenFrom(id, await madeBy(id, parts), order);
      const refused = drive.find((folder) => !parts.some((part) => part.folder === folder && part.mayGo));
      if (refused !== undefined) {
        throw new PinokioError("request-invalid", `${refused} is no folder of the drive that only ${id} uses`, {
          hint: "Look again at what it has made",
        });
      }
      if (wanted.length > 0) refuseWhatGoes(to, [join(api, id), ...parts.map(({ place }) => place)]);
      const work = async (context: JobContext): Promise<void> => {
        context.tell({ phase: "keep", canCancel: false });
        await stopRuns(id);
        wanted.forEach(({ at, path }, index) => {
          keepFile(at, join(to, path), { to, kept: index });
          context.tell({ progress: { done: index + 1, total: wanted.length, unit: "files" } });
        });
        const { going, said } = await goingOf(id, drive);
        context.tell({ phase: "remove", progress: null });
        const app = await removeAll(id, context);
        const bytes = app + (going.length === 0 ? 0 : await removeFolders(going, context));
        dropEmptyAround(going);
        forgetFolders(id, options);
        forget(id);
        context.tell({ progress: { done: bytes, total: bytes, unit: "bytes" }, said });
      };
      const job = jobs.start({ kind: "studio", appId: null, title: `Remove every trace of ${id}`, work });
      return { job, keptIn: wanted.length === 0 ? null : to };
    },
  };
}

/** What is kept in a folder that goes is not kept. */
function refuseWhatGoes(to: string, going: readonly string[]): void {
  const place = leadsTo(to);
  const around = going.find((folder) => isInside(leadsTo(folder), place));
  if (around === undefined) return;
  throw new PinokioError("request-invalid", `${to} goes with the app, so nothing can be kept there`, {
    hint: `Name a folder outside of ${around}`,
  });
}

function keepFile(from: string, place: string, { to, kept }: { to: string; kept: number }): void {
  try {
    keepMade(from, place);
  } catch (error) {
    const { code, message } = toWireError(explainFileError(error, place));
    throw new PinokioError(code, message, {
      hint: `${kept === 1 ? "1 file is" : `${kept} files are`} in ${to} by now, the rest is where it was: end it again with room, or in another folder`,
      cause: error,
    });
  }
}

const usedText = (users: readonly string[]): string => `: used by ${users.join(", ")}`;

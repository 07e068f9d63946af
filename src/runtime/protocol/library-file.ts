import * as z from "zod";
import { AppSettings } from "./app-settings.js";
import { ConfigPreset } from "./config.js";
import { WireError } from "./errors.js";
import { AppId, JobId } from "./ids.js";
import { AppMarks, FolderName } from "./shelf.js";

export const LIBRARY_FILE_VERSION = 1;
export const MOST_LIBRARY_FILE_BYTES = 8 * 1024 * 1024;

/** Where an app came from, in words that another machine understands. */
export const AppOrigin = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("git"), repository: z.string().max(2_000), branch: z.string().max(300).nullable() }),
  /** Of this machine only: the other one may have a folder of that path, or not. */
  z.object({ kind: z.literal("folder"), folder: z.string().max(4_000) }),
]);
export type AppOrigin = z.infer<typeof AppOrigin>;

const ExportedPreset = ConfigPreset.omit({ app: true });

export const ExportedApp = z.object({
  id: AppId,
  title: z.string().max(200),
  /** Null for one that is not installed and only written about. */
  origin: AppOrigin.nullable(),
  /** Its name in the catalog, or null. */
  package: z.string().max(200).nullable().default(null),
  commit: z.string().max(64).nullable(),
  /** The fingerprint of the scripts that a person agreed to. */
  agreed: z.string().max(200).nullable(),
  /** What another machine will not get of it, in sentences. */
  warnings: z.array(z.string().max(5_000)).max(10).optional(),
  marks: AppMarks.optional(),
  settings: AppSettings.optional(),
  /** Of its configuration. */
  presets: z.array(ExportedPreset).max(200).optional(),
});
export type ExportedApp = z.infer<typeof ExportedApp>;

/** A whole library in one file. Never holds secrets. */
export const LibraryFile = z.object({
  format: z.literal("pinokiocloud-library"),
  version: z.literal(LIBRARY_FILE_VERSION),
  exportedAt: z.string(),
  apps: z.array(ExportedApp).max(10_000),
  /** Apps and folders in their order. */
  order: z.array(z.union([z.object({ app: AppId }), z.object({ folder: FolderName, apps: z.array(AppId) })])),
});
export type LibraryFile = z.infer<typeof LibraryFile>;

/** What an import would do with one app, or has done. */
export const ImportedApp = z.object({
  appId: AppId,
  title: z.string(),
  /** Repository or folder, as a person would recognise it; null where the file names none. */
  from: z.string().nullable(),
  commit: z.string().nullable(),
  /**
   * `here`: installed already. `install`: would be, or is being. `cannot`: `error` says why. `written`: only what was
   * written about it comes.
   */
  fate: z.enum(["here", "install", "cannot", "written"]),
  error: WireError.nullable(),
});
export type ImportedApp = z.infer<typeof ImportedApp>;

export const ImportResult = z.object({
  apps: z.array(ImportedApp),
  /** What is added to what is here: for how many apps marks, settings or presets, and places. */
  changed: z.object({ marks: z.number(), settings: z.number(), places: z.number() }),
  /** Installs one app after the other; null when there is none to install. */
  jobId: JobId.nullable(),
});
export type ImportResult = z.infer<typeof ImportResult>;

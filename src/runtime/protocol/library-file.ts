import * as z from "zod";
import { AppSettings } from "./app-settings.js";
import { ConfigPreset, ConfigValue } from "./config.js";
import { WireError } from "./errors.js";
import { AppId, JobId } from "./ids.js";
import { LIBRARY_FILE_VERSION } from "./library-version.js";
import { PACKAGE_TYPES, SOURCE_KINDS } from "./packages.js";
import { AppMarks, FolderName } from "./shelf.js";

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
  /** What a person has set of its configuration that is not as the app has it, by field. */
  values: z.record(z.string().max(2_000), ConfigValue).optional(),
  /** Names of its secrets: they have to be set again. */
  secrets: z.array(z.string().max(2_000)).max(500).optional(),
});
export type ExportedApp = z.infer<typeof ExportedApp>;

/** A package that is no app. */
export const ExportedPackage = z.object({
  id: z.string().min(1).max(500),
  type: z.enum(PACKAGE_TYPES).exclude(["app"]),
  name: z.string().max(500),
  /** What it was installed from. */
  source: z.string().max(4_000),
  version: z.string().max(200).nullable(),
  commit: z.string().max(64).nullable(),
  /** False where it came only since another one needs it. */
  wanted: z.boolean(),
});
export type ExportedPackage = z.infer<typeof ExportedPackage>;

/** A source of packages that a person has added. */
export const ExportedSource = z.object({
  /** What packages of it begin with, where the file comes from. */
  id: z.string().min(1).max(200),
  kind: z.enum(SOURCE_KINDS).exclude(["built-in", "examples"]),
  address: z.string().min(1).max(2_000),
});
export type ExportedSource = z.infer<typeof ExportedSource>;

/** A whole library in one file. Never holds secrets. Version 1 knew apps only. */
export const LibraryFile = z.object({
  format: z.literal("pinokiocloud-library"),
  version: z.union([z.literal(1), z.literal(LIBRARY_FILE_VERSION)]),
  exportedAt: z.string(),
  sources: z.array(ExportedSource).max(1_000).default([]),
  packages: z.array(ExportedPackage).max(10_000).default([]),
  /** Names of secrets of all apps: they have to be set again. */
  secrets: z.array(z.string().max(2_000)).max(500).default([]),
  /** What another machine will not get besides, in sentences. */
  warnings: z.array(z.string().max(5_000)).max(1_000).default([]),
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

/** What an import would do with something that is no app, or has done. */
export const ImportedThing = z.object({
  /** The id of a package, the address of a source. */
  name: z.string(),
  /** A package's type, or `source`. */
  type: z.string(),
  fate: ImportedApp.shape.fate.exclude(["written"]),
  error: WireError.nullable(),
});
export type ImportedThing = z.infer<typeof ImportedThing>;

export const ImportResult = z.object({
  apps: z.array(ImportedApp),
  /** Sources and packages, in the order in which they come: apps are between the two. */
  others: z.array(ImportedThing),
  /** What is added to what is here: for how many apps marks, settings or presets, and places. */
  changed: z.object({ marks: z.number(), settings: z.number(), places: z.number() }),
  /** What a person has to do again by hand, in sentences. */
  left: z.array(z.string()),
  /** Installs one after the other; null when there is nothing to install. What did not come along is said by it. */
  jobId: JobId.nullable(),
});
export type ImportResult = z.infer<typeof ImportResult>;

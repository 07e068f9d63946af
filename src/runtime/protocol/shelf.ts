import * as z from "zod";
import { WireError } from "./errors.js";
import { AppId } from "./ids.js";

/** A folder of the library: what a person groups, not a folder on disk. */
export const FolderId = z
  .string()
  .regex(/^folder_[0-9a-z]{8}$/, "is not the id of a folder of the library")
  .brand<"FolderId">();
export type FolderId = z.infer<typeof FolderId>;

export const FolderName = z
  .string()
  .trim()
  .min(1, "is empty")
  .max(60, "is longer than 60 characters")
  .regex(/^[^\p{Cc}]*$/u, "has a character in it that cannot be shown");

/** A word that a person puts on apps to find them again. */
export const Tag = z
  .string()
  .trim()
  .min(1, "is empty")
  .max(40, "is longer than 40 characters")
  .regex(/^[^\p{Cc},]*$/u, "has a comma or a character in it that cannot be shown");

export const MOST_TAGS = 20;
export const MOST_NOTES = 20_000;

/** What a person has written about an app. It stays when the app goes. */
export const AppMarks = z.object({
  favorite: z.boolean().default(false),
  notes: z.string().max(MOST_NOTES).default(""),
  tags: z.array(Tag).max(MOST_TAGS).default([]),
});
export type AppMarks = z.infer<typeof AppMarks>;

/** How an app was used. A launch is a start of one of its scripts that neither installs, updates nor resets it. */
export const AppStatistics = z.object({
  launches: z.number().int().nonnegative(),
  /** Of all launches together. */
  runningMs: z.number().nonnegative(),
  lastUsedAt: z.string().nullable(),
  /** The most that was seen; null where nobody has looked, or there is no card. */
  peakGpuMemoryBytes: z.number().nonnegative().nullable(),
});
export type AppStatistics = z.infer<typeof AppStatistics>;

/** What an app's folder takes of the disk. Links are not followed. */
export const AppDisk = z.object({
  /** Environments and packages: what an install makes anew. */
  environmentsBytes: z.number().nonnegative(),
  /** Everything else: the app itself and what was made with it. */
  filesBytes: z.number().nonnegative(),
  measuredAt: z.string(),
});
export type AppDisk = z.infer<typeof AppDisk>;

/** A newer state of an app's repository. */
export const AppUpdate = z.object({ commits: z.number().int().nonnegative().nullable(), foundAt: z.string() });
export type AppUpdate = z.infer<typeof AppUpdate>;

export const APP_STATUSES = [
  "not-installed",
  "installing",
  "running",
  "queued",
  "error",
  "update",
  "stopped",
  "installed",
] as const;
/** How an app stands, in one word: the most pressing of what is true. */
export const AppStatus = z.enum(APP_STATUSES);
export type AppStatus = z.infer<typeof AppStatus>;

/** One place on the shelf. A folder holds apps and no folders. */
export const ShelfItem = z.union([
  z.strictObject({ app: AppId }),
  z.strictObject({ folder: FolderId, name: FolderName, apps: z.array(AppId) }),
]);
export type ShelfItem = z.infer<typeof ShelfItem>;

/** An app that the library knows and that is not there. */
export const MissingApp = z.object({ appId: AppId, source: z.string(), installedAt: z.string() });
export type MissingApp = z.infer<typeof MissingApp>;

/** The library as a person has arranged it. */
export const Shelf = z.object({
  /** Every app has exactly one place; those that nobody has placed come last, by name. */
  items: z.array(ShelfItem),
  /** Installed once, and their folders are gone: nobody uninstalled them here. */
  missing: z.array(MissingApp),
});
export type Shelf = z.infer<typeof Shelf>;

export const EMPTY_SHELF: Shelf = { items: [], missing: [] };

/** What is moved: an app, or a whole folder. */
export const ShelfThing = z.union([z.strictObject({ app: AppId }), z.strictObject({ folder: FolderId })]);
export type ShelfThing = z.infer<typeof ShelfThing>;

/** Where to: into a folder or out of all (`null`), before something there, or at the end. */
export const ShelfPlace = z.strictObject({ folder: FolderId.nullable(), before: ShelfThing.nullish() });
export type ShelfPlace = z.infer<typeof ShelfPlace>;

/** What became of one app of a batch. */
export const AppResult = z.object({ appId: AppId, error: WireError.nullable() });
export type AppResult = z.infer<typeof AppResult>;

/** A field that is not named stays as it is. */
export const MarksChange = z.strictObject({
  favorite: z.boolean().optional(),
  notes: z.string().max(MOST_NOTES).optional(),
  addTags: z.array(Tag).max(MOST_TAGS).optional(),
  removeTags: z.array(Tag).max(MOST_TAGS).optional(),
});
export type MarksChange = z.infer<typeof MarksChange>;

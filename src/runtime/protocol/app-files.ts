import * as z from "zod";
import { AppId } from "./ids.js";

/** Something in a folder of an app. */
export const AppFile = z.object({
  name: z.string(),
  /** Links are shown, never followed. */
  kind: z.enum(["file", "folder", "link"]),
  /** Of a folder what a person made in it; null where nobody has added that up. */
  bytes: z.number().nullable(),
  /** Of a folder, how many files those are. */
  files: z.number().nullable(),
  /** When it was last changed; of a folder the latest of what a person made in it. */
  at: z.string(),
  /** A folder that holds files of the app too: it does not go to the trash as one. */
  isMixed: z.boolean(),
  /** Where a link leads, as it is written. */
  leadsTo: z.string().nullable(),
});
export type AppFile = z.infer<typeof AppFile>;

/** How what a person made is arranged. */
export const AppFileOrder = z.enum(["newest", "name", "largest"]);
export type AppFileOrder = z.infer<typeof AppFileOrder>;

/** Those that are shown, and how many there are. */
const AppFileList = z.object({ entries: z.array(AppFile), total: z.number() });
export type AppFileList = z.infer<typeof AppFileList>;

/** One folder of an app: what a person made in it, apart from what is the app's. */
export const AppFolder = z.object({
  app: AppId,
  /** Below the app's folder; empty for that itself. */
  folder: z.string(),
  /** Null for the app's folder itself. */
  parent: z.string().nullable(),
  own: AppFileList,
  /** Folders first, by name. */
  others: AppFileList,
  /** How many have names that are no text: nobody can ask for those. */
  unreadable: z.number(),
  /** It holds so much that not all of it was looked at. */
  isCut: z.boolean(),
});
export type AppFolder = z.infer<typeof AppFolder>;

/** Some bytes of a file. */
export const AppFilePart = z.object({
  /** In base64. */
  bytes: z.string(),
  offset: z.number(),
  /** Of the whole file. */
  size: z.number(),
  /** Another one when the file has changed. */
  version: z.string(),
  isText: z.boolean(),
  /** Secrets among these bytes are stars. */
  isHidden: z.boolean(),
});
export type AppFilePart = z.infer<typeof AppFilePart>;

import * as z from "zod";
import { AppId, RunId } from "./ids.js";

/** Files and folders of one kind, as a preview tells them. */
export const ChangePart = z.object({
  /** In words, such as "Environments". */
  label: z.string(),
  bytes: z.number(),
  files: z.number(),
  /** The largest of them, below the app's folder, or the home where they lie outside of it. */
  examples: z.array(z.string()),
});
export type ChangePart = z.infer<typeof ChangePart>;

/** A token that a person gave for a host which no other app is from. */
export const LeftToken = z.object({ name: z.string(), host: z.string() });
export type LeftToken = z.infer<typeof LeftToken>;

/** What uninstalling or resetting an app would do now. Nothing is changed by asking. */
export const RemovalPreview = z.object({
  appId: AppId,
  title: z.string(),
  goes: z.array(ChangePart),
  stays: z.array(ChangePart),
  /** What comes back once the trash is emptied. */
  bytes: z.number(),
  /** What does not, since something else holds the same files. */
  sharedBytes: z.number(),
  /** What stays takes so much. */
  staysBytes: z.number(),
  /** Runs that would be stopped first. */
  stops: z.array(RunId),
  /** Packages and other apps that need it; nobody misses an app that is reset. */
  neededBy: z.array(z.string()),
  /** What else there is to know, in sentences. */
  notes: z.array(z.string()),
  /** The script that installs it again, or null. */
  installer: z.string().nullable(),
  /** Stays, though nobody needs it any more; null for none. */
  token: LeftToken.nullable(),
});
export type RemovalPreview = z.infer<typeof RemovalPreview>;

/** Nobody else would find that it is still there. */
export const tokenStaysText = ({ name, host }: LeftToken): string =>
  `${name}, the token for ${host}, stays, and no other app is from there. Forget it with: pinokiocloud config secrets --forget ${name}`;

export const UpdateCommit = z.object({ commit: z.string(), author: z.string(), at: z.string(), subject: z.string() });
export type UpdateCommit = z.infer<typeof UpdateCommit>;

/** One repository of an app, and what an update would bring it. */
export const UpdatePart = z.object({
  /** Below the app's folder; empty for the launcher's own repository. */
  folder: z.string(),
  /** Null where it is on no branch. */
  branch: z.string().nullable(),
  from: z.string(),
  /** The same as `from` where there is nothing new. */
  to: z.string(),
  /** The latest first, at most 50. */
  commits: z.array(UpdateCommit),
  /** How many there are; null where the history here does not reach back so far. */
  count: z.number().nullable(),
  files: z.array(z.string()),
  fileCount: z.number(),
  /** The author has replaced the commits that were here. */
  isRewritten: z.boolean(),
  /** Why nothing can be said about it, or null. */
  problem: z.string().nullable(),
});
export type UpdatePart = z.infer<typeof UpdatePart>;

/** What an update would bring. */
export const UpdateLook = z.object({
  appId: AppId,
  title: z.string(),
  isAvailable: z.boolean(),
  checkedAt: z.string(),
  parts: z.array(UpdatePart),
  /** Files that a person has changed and the update changes too. */
  edited: z.array(z.string()),
  /** Scripts that would be others than those that were agreed to. */
  scripts: z.array(z.object({ path: z.string(), commands: z.array(z.string()), problem: z.string().nullable() })),
  /** What a person agrees to by updating; null where no script changes. */
  fingerprint: z.string().nullable(),
  /** The script that the launcher updates itself by, or null. */
  script: z.string().nullable(),
  /** What else there is to know before, in sentences. */
  notes: z.array(z.string()),
  /** Runs that would be stopped first; they are not started again. */
  stops: z.array(RunId).default([]),
  /** Why it cannot be updated, or null. */
  refused: z.string().nullable(),
});
export type UpdateLook = z.infer<typeof UpdateLook>;

export const TRASH_KINDS = ["trash", "kept"] as const;

/** Something that was removed and can be had back, or files of a person that an app has left behind. */
export const TrashEntry = z.object({
  /** What it is asked for by. */
  name: z.string(),
  /** `kept` goes only when it is named. */
  kind: z.enum(TRASH_KINDS),
  at: z.string(),
  app: AppId.nullable(),
  title: z.string(),
  why: z.string(),
  /** What it is, below where it was. */
  what: z.string(),
  from: z.string(),
  files: z.number(),
  /** What comes back when it is removed. */
  bytes: z.number(),
  sharedBytes: z.number(),
  /** What a person should know of it, in sentences. */
  said: z.array(z.string()),
  /** Why it cannot be put back, or null. */
  refused: z.string().nullable(),
});
export type TrashEntry = z.infer<typeof TrashEntry>;

/** Whether an entry goes with the rest of the trash: what is kept, and what nobody knows any more, goes when it is named. */
export const goesUnnamed = ({ kind, why, name }: Pick<TrashEntry, "kind" | "why" | "name">): boolean =>
  kind === "trash" && (why !== "unknown" || name.startsWith("."));

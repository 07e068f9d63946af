import * as z from "zod";
import { AppId, JobId, RunId } from "./ids.js";
import { ImportResult, LibraryFile } from "./library-file.js";
import { AppDisk, AppResult, FolderId, FolderName, MarksChange, Shelf, ShelfPlace, ShelfThing } from "./shelf.js";

const Apps = z.array(AppId).min(1).max(1_000);
const Results = z.strictObject({ results: z.array(AppResult) });
const WhichFolder = z.strictObject({ folder: FolderId });

/** What can be asked about the library. What is asked for several apps is answered for each. */
export const LIBRARY_REQUESTS = {
  "library.shelf": { params: z.strictObject({}), reply: Shelf },
  /** Favourite, notes and tags; they stay when an app goes. */
  "library.mark": { params: z.strictObject({ apps: Apps, change: MarksChange }), reply: Results },
  "library.move": {
    params: z.strictObject({ things: z.array(ShelfThing).min(1).max(1_000), to: ShelfPlace }),
    reply: Results,
  },
  "library.addFolder": {
    params: z.strictObject({ name: FolderName, apps: z.array(AppId).max(1_000).optional() }),
    reply: WhichFolder,
  },
  "library.renameFolder": { params: WhichFolder.extend({ name: FolderName }), reply: z.strictObject({}) },
  /** Its apps stay, in its place. */
  "library.removeFolder": { params: WhichFolder, reply: z.strictObject({}) },
  /** Starts what each app's menu starts by default; `run` is null where that failed. */
  "library.start": {
    params: z.strictObject({ apps: Apps }),
    reply: z.strictObject({ results: z.array(AppResult.extend({ run: RunId.nullable() })) }),
  },
  /** Stops every run of each app. */
  "library.stop": { params: z.strictObject({ apps: Apps }), reply: Results },
  /**
   * Stops every run of each app and, once nothing of them is left, starts the same scripts again with what they were
   * given. `runs` is empty for an app that ran nothing: nothing of it is started then.
   */
  "library.restart": {
    params: z.strictObject({ apps: Apps }),
    reply: z.strictObject({ results: z.array(AppResult.extend({ runs: z.array(RunId) })) }),
  },
  /** As `apps.uninstall` for each: a person's files stay. `entry` is what undoes it. */
  "library.uninstall": {
    params: z.strictObject({
      apps: Apps,
      /** Also while others need any of them, which are not among them; else none of them goes then. */
      despiteUse: z.boolean().optional(),
    }),
    reply: z.strictObject({
      results: z.array(AppResult.extend({ job: JobId.nullable(), entry: z.string().nullable() })),
    }),
  },
  /** Drops what is known of apps whose folders are gone; what was written about them stays. */
  "library.forget": { params: z.strictObject({ apps: Apps }), reply: Results },
  /**
   * For who looks at sizes: what is known now. What is not known, or may not be true any more, is measured behind the
   * caller's back and told with its app. With `wait` the answer comes when all is measured.
   */
  "library.disk": {
    params: z.strictObject({ apps: Apps.optional(), wait: z.boolean().optional() }),
    reply: z.strictObject({ disk: z.record(AppId, AppDisk) }),
  },
  "library.export": { params: z.strictObject({}), reply: LibraryFile },
  /** What `library.import` would do; nothing is changed. */
  "library.previewImport": { params: z.strictObject({ file: LibraryFile }), reply: ImportResult },
  /**
   * Takes over what the file says; asking for it is the consent to what it names, at those commits. `install` false
   * takes only what was written about apps and how they are arranged.
   */
  "library.import": {
    params: z.strictObject({ file: LibraryFile, install: z.boolean().optional() }),
    reply: ImportResult,
  },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;

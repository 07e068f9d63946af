import * as z from "zod";

/** One folder of the machine, for a person who chooses a file: names only. */
export const Folder = z.object({
  path: z.string(),
  /** Null at the top. */
  parent: z.string().nullable(),
  /** Folders first, each kind by name. */
  entries: z.array(z.object({ name: z.string(), kind: z.enum(["folder", "file"]) })),
  /** There are more than these. */
  isCut: z.boolean(),
  /** Where one may begin. */
  places: z.array(z.object({ name: z.string(), path: z.string() })),
});
export type Folder = z.infer<typeof Folder>;

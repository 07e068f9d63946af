import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** An app that can be installed without a network: one of the examples that come with us. */
const BuiltInEntry = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  /** Picture, relative to the app's folder. */
  icon: z.string().nullable(),
});

export interface BuiltInApp extends z.infer<typeof BuiltInEntry> {
  folder: string;
}

/** The apps listed in `examples/catalog.json`. */
export function builtInApps(examples: string): BuiltInApp[] {
  const index = join(examples, "catalog.json");
  if (!existsSync(index)) return [];
  return z
    .array(BuiltInEntry)
    .parse(JSON.parse(readFileSync(index, "utf8")))
    .map((entry) => ({ ...entry, folder: join(examples, entry.id) }));
}

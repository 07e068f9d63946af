import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { pictureIn } from "../../base/picture.js";
import { CATALOG_ICON_BYTES } from "../../protocol/limits.js";
import type { Package } from "../../protocol/packages.js";
import { barePackage } from "../entry.js";
import type { CatalogSource, SourceWorld } from "./source.js";

const Example = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  /** Picture, relative to the app's folder. */
  icon: z.string().nullable(),
  /** What it takes of the disk, where that is worth saying. */
  diskGB: z.number().nullable().default(null),
});

/** Apps that come with us: those listed in `examples/catalog.json`. The first one installs without a network. */
export function examples({ examples: folder }: SourceWorld): CatalogSource {
  return {
    id: "examples",
    kind: "examples",
    label: "Samples",
    address: null,
    refresh: null,
    read: async () => ({ packages: await readExamples(folder), skipped: 0, problems: [], date: null }),
  };
}

/** The samples with their folders: an id stands for its folder. */
export const exampleFolders = (folder: string): { id: string; folder: string }[] =>
  exampleList(folder).map(({ id }) => ({ id, folder: join(folder, id) }));

function exampleList(folder: string): z.infer<typeof Example>[] {
  const index = join(folder, "catalog.json");
  return existsSync(index) ? z.array(Example).parse(JSON.parse(readFileSync(index, "utf8"))) : [];
}

function readExamples(folder: string): Promise<Package[]> {
  return Promise.all(
    exampleList(folder).map(async ({ id, title, description, icon, diskGB }) => {
      const install = join(folder, id);
      return barePackage({
        id,
        source: "examples",
        name: title,
        summary: description,
        tags: ["sample"],
        install,
        repository: null,
        requires: {
          gpu: "none",
          vramGB: null,
          diskGB,
          platforms: ["linux", "darwin"],
          conda: false,
          sudo: false,
          credentials: [],
          external: [],
        },
        linux: "works",
        cpu: "yes",
        icon: icon === null ? null : await pictureIn(install, join(install, icon), CATALOG_ICON_BYTES),
      });
    }),
  );
}

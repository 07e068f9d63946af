import { readFile } from "node:fs/promises";
import { PinokioError } from "../../protocol/errors.js";
import { Index } from "../entry.js";
import { readEntries } from "../read-entries.js";
import type { CatalogSource, SourceWorld } from "./source.js";

export const BUILT_IN = "built-in";

/** The catalog that comes with us: a file beside the programs. */
export function builtIn({ builtIn: file }: SourceWorld): CatalogSource {
  return {
    id: BUILT_IN,
    kind: "built-in",
    label: "Built-in catalog",
    address: null,
    refresh: null,
    read: async () => {
      const { generated, apps } = await readIndex(file);
      return { ...(await readEntries(apps, { source: BUILT_IN, prefix: "" })), date: generated ?? null };
    },
  };
}

async function readIndex(file: string): Promise<Index> {
  try {
    return Index.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw new PinokioError("source-unreadable", "The built-in catalog cannot be read", {
      hint: "Install PinokioCloud again; sources that you added are still there",
      cause: error,
      context: { file },
    });
  }
}

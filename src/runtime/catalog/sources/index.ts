import { PinokioError } from "../../protocol/errors.js";
import { builtIn } from "./built-in.js";
import { examples } from "./examples.js";
import { folder } from "./folder.js";
import { jsonIndex } from "./json-index.js";
import { repository } from "./repository.js";
import type { CatalogSource, SourceKind, SourceRecord, SourceWorld } from "./source.js";

/** What comes with us, in the order in which an id that is there twice is given away. */
export const OWN_SOURCES: readonly ((world: SourceWorld) => CatalogSource)[] = [examples, builtIn];

/** What a person can add; an address is the first kind's that knows it. */
const SOURCE_KINDS: readonly SourceKind[] = [repository, folder, jsonIndex];

export const openSource = (record: SourceRecord, world: SourceWorld): CatalogSource | null =>
  SOURCE_KINDS.find(({ kind }) => kind === record.kind)?.open(record, world) ?? null;

/** What a person means who adds an address. */
export function sourceAt(
  text: string,
  wanted: SourceRecord["kind"] | undefined,
  world: SourceWorld,
): Omit<SourceRecord, "id"> {
  for (const { kind, addressOf } of SOURCE_KINDS) {
    if (wanted !== undefined && wanted !== kind) continue;
    const address = addressOf(text.trim(), world, wanted !== undefined);
    if (address !== null) return { kind, address };
  }
  throw new PinokioError("source-unsupported", `${JSON.stringify(text)} is no source of packages`, {
    hint: "Give the http or https address of an index, a folder's path, or the address of a git repository",
  });
}

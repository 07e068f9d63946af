import * as z from "zod";
import { StateFile } from "../base/state-file.js";
import type { PinokioError } from "../protocol/errors.js";
import { SOURCE_KINDS } from "../protocol/packages.js";
import type { SourceRecord } from "./sources/source.js";

const SourcesFile = z.object({
  version: z.literal(1),
  sources: z.array(
    z.object({
      id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/),
      kind: z.enum(SOURCE_KINDS).exclude(["built-in", "examples"]),
      address: z.string().min(1).max(2_000),
    }),
  ),
  /** Ids of those that a person has removed, the latest last: what begins with one is nobody else's. */
  removed: z.array(z.string()).default([]),
});
type SourcesFile = z.infer<typeof SourcesFile>;

/** `library/sources.json`: the sources that a person has added. */
export const openSourcesFile = (options: {
  path: string;
  mayWrite: boolean;
  onProblem(problem: PinokioError): void;
}): StateFile<typeof SourcesFile> =>
  new StateFile({ ...options, version: 1, schema: SourcesFile, empty: { version: 1, sources: [], removed: [] } });

const MOST_REMOVED = 200;

/** Without one of them. */
export const withoutSource = (file: SourcesFile, gone: string): SourcesFile => ({
  ...file,
  sources: file.sources.filter(({ id }) => id !== gone),
  removed: [...file.removed.filter((id) => id !== gone), gone].slice(-MOST_REMOVED),
});

/** With one more, whose id is short, says where it is from, and is nobody else's. */
export function withSource(file: SourcesFile, { kind, address }: Omit<SourceRecord, "id">): SourcesFile {
  const taken = new Set(file.sources.map(({ id }) => id));
  const plain = address
    .toLowerCase()
    .replace(/^[a-z+]+:\/\/(?:www\.)?/, "")
    .replace(/\.(?:git|json)$/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(-40)
    .replace(/^-+/, "");
  const name = plain === "" || plain === "examples" || plain === "built-in" ? "source" : plain;
  let id = name;
  for (let number = 2; taken.has(id); number++) id = `${name}-${number}`;
  return { ...file, sources: [...file.sources, { id, kind: kind as SourcesFile["sources"][number]["kind"], address }] };
}

import type { Fingerprints } from "./fingerprints.js";
import type { ModelFile } from "./model-file.js";

/** One content of a set of copies, by every name of it that was found. */
export interface Copy {
  files: ModelFile[];
}

/** Files that each take room and hold the same. */
export interface Duplicates {
  id: string;
  /** The one that would stay comes first. */
  copies: Copy[];
  /** All of them was compared. */
  isCompared: boolean;
}

/** What is smaller is not worth a person's while. */
const LEAST_BYTES = 1024 ** 2;

/**
 * Sets of files of one size that hold the same, by samples, or by all of it where that is known. Names of the same
 * content are one copy, and so are links to it.
 */
export async function findDuplicates(
  files: readonly ModelFile[],
  fingerprints: Fingerprints,
  signal?: AbortSignal,
): Promise<Duplicates[]> {
  const found: Duplicates[] = [];
  for (const copies of sameSize(files)) {
    signal?.throwIfAborted();
    const bySample = await groupedBy(copies, ({ files: [one] }) => (one ? fingerprints.sample(one) : null));
    for (const [sample, alike] of bySample) found.push(...certain(sample, alike, fingerprints));
  }
  return found;
}

function sameSize(files: readonly ModelFile[]): Copy[][] {
  const bySize = new Map<number, Map<string, Copy>>();
  for (const file of files) {
    if (file.size < LEAST_BYTES) continue;
    const contents = bySize.get(file.size) ?? new Map<string, Copy>();
    bySize.set(file.size, contents);
    const known = contents.get(file.content);
    if (known === undefined) contents.set(file.content, { files: [file] });
    else known.files.push(file);
  }
  return [...bySize.values()].map((contents) => [...contents.values()]).filter((copies) => copies.length > 1);
}

async function groupedBy(
  copies: readonly Copy[],
  keyOf: (copy: Copy) => Promise<string | null> | null,
): Promise<[string, Copy[]][]> {
  const groups = new Map<string, Copy[]>();
  for (const copy of copies) {
    const key = await keyOf(copy);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), copy]);
  }
  return [...groups].filter(([, alike]) => alike.length > 1);
}

/** Where all of what is alike was read, only what really is the same stays together. */
function certain(sample: string, alike: readonly Copy[], fingerprints: Fingerprints): Duplicates[] {
  const digests = alike.map(({ files }) => digestOf(files, fingerprints));
  if (digests.includes(null)) {
    const differ = new Set(digests.filter((digest) => digest !== null)).size;
    return differ === alike.length ? [] : [duplicates(sample, alike, false)];
  }
  const groups = new Map<string, Copy[]>();
  alike.forEach((copy, at) => {
    const digest = digests[at] ?? "";
    groups.set(digest, [...(groups.get(digest) ?? []), copy]);
  });
  return [...groups].filter(([, same]) => same.length > 1).map(([digest, same]) => duplicates(digest, same, true));
}

export const digestOf = (files: readonly ModelFile[], fingerprints: Fingerprints): string | null =>
  files.map((file) => file.sha256 ?? fingerprints.digest(file)).find((digest) => digest !== null) ?? null;

const duplicates = (digest: string, copies: readonly Copy[], isCompared: boolean): Duplicates => ({
  id: digest.slice(0, 24),
  copies: [...copies].sort((one, other) => rankOf(one) - rankOf(other)),
  isCompared,
});

/** What lies outside of apps stays: it outlives them. */
const rankOf = ({ files }: Copy): number => (files.some(({ app }) => app === null) ? 0 : 1);

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Package } from "../protocol/packages.js";
import { Entry, packageOf } from "./entry.js";

/** What came of a list of entries. */
export interface ReadEntries {
  packages: Package[];
  /** How many were left out, and why for the first of them. */
  skipped: number;
  problems: string[];
}

/** More than anybody lists; the rest of a longer list is left out. */
export const MOST_ENTRIES = 100_000;
const MOST_PROBLEMS = 20;
/** A sidecar that reads a long index answers others meanwhile. */
const AT_ONCE = 500;

/** Looks at each entry by itself: one that is wrong costs nobody the others. */
export async function readEntries(
  entries: readonly unknown[],
  place: { source: string; prefix: string },
): Promise<ReadEntries> {
  const read: ReadEntries = { packages: [], skipped: 0, problems: [] };
  const seen = new Set<string>();
  const skip = (why: string): void => {
    read.skipped++;
    if (read.problems.length < MOST_PROBLEMS) read.problems.push(why);
  };
  for (const [at, entry] of entries.slice(0, MOST_ENTRIES).entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) await nextTurn();
    const result = Entry.safeParse(entry);
    if (!result.success) {
      const [issue] = result.error.issues;
      skip(`${nameOf(entry, at)}: ${issue?.path.join(".") || "it"} ${issue?.message ?? "has the wrong form"}`);
    } else if (seen.has(result.data.id.toLowerCase())) {
      skip(`${nameOf(entry, at)}: its id is there twice; the first one counts`);
    } else {
      seen.add(result.data.id.toLowerCase());
      read.packages.push(packageOf(result.data, place.source, place.prefix));
    }
  }
  const beyond = entries.length - MOST_ENTRIES;
  if (beyond > 0) {
    read.skipped += beyond;
    read.problems.push(`It lists ${entries.length} entries; the first ${MOST_ENTRIES} are shown`);
  }
  return read;
}

function nameOf(entry: unknown, at: number): string {
  const id = typeof entry === "object" && entry !== null && "id" in entry ? entry.id : null;
  return typeof id === "string" && id !== "" ? JSON.stringify(id.slice(0, 60)) : `Entry ${at + 1}`;
}

import { rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../../base/atomic-file.js";
import { namesIn } from "../../base/names-in.js";
import type { PinokioError } from "../../protocol/errors.js";
import { AppId } from "../../protocol/ids.js";

export const CHANGE_KINDS = ["update", "reset", "uninstall", "restore"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** How far a change of an app has come. It is on disk while the change is under way, and only then. */
export const JournalPage = z.object({
  version: z.literal(1),
  kind: z.enum(CHANGE_KINDS),
  app: AppId,
  /** The entry of the trash that it fills or empties. */
  entry: z.string(),
  at: z.string(),
  /** What was begun last. */
  step: z.string(),
  data: z.json(),
});
export type JournalPage = z.infer<typeof JournalPage>;

/** One change's page. A change that is cut off is finished or undone from what stands there. */
export interface Journal {
  readonly page: JournalPage;
  /** Written before the step has any effect. */
  step(step: string, data?: JournalPage["data"]): void;
  /** Everything is as it should be left. */
  close(): void;
}

export const journalFolder = (home: string): string => join(home, "library", "changes");

export function beginJournal(home: string, page: Omit<JournalPage, "version">): Journal {
  const journal = journalOf(home, { ...page, version: 1 });
  journal.step(page.step);
  return journal;
}

export function journalOf(home: string, first: JournalPage): Journal {
  let page = first;
  const file = join(journalFolder(home), `${page.app}.json`);
  return {
    get page() {
      return page;
    },
    step: (step, data = page.data) => {
      page = { ...page, step, data };
      writeJsonAtomic(file, page);
    },
    close: () => rmSync(file, { force: true }),
  };
}

/** The changes that were cut off. A page that cannot be read is set aside, with the reason. */
export function openJournals(home: string): { journals: Journal[]; problems: PinokioError[] } {
  const journals: Journal[] = [];
  const problems: PinokioError[] = [];
  for (const name of pagesIn(journalFolder(home))) {
    const state = readState(join(journalFolder(home), name), JournalPage);
    if (state.kind === "read") journals.push(journalOf(home, state.value));
    else if (state.kind !== "missing") problems.push(state.error);
  }
  return { journals, problems };
}

const pagesIn = (folder: string): string[] =>
  namesIn(folder).filter((name) => name.endsWith(".json") && !name.startsWith("."));

import * as z from "zod";
import { StateFile } from "../base/state-file.js";
import type { UpdateLook } from "../protocol/changes.js";
import type { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import type { AppUpdate } from "../protocol/shelf.js";

const Known = z.object({
  checkedAt: z.string(),
  /** Null where nothing was new then. */
  found: z.object({ commits: z.number().nullable(), foundAt: z.string() }).nullable(),
});
const UpdatesFile = z.object({ version: z.literal(1), apps: z.record(z.string(), Known) });

export interface UpdatesOptions {
  /** `library/updates.json`. */
  file: string;
  mayWrite: boolean;
  onProblem(problem: PinokioError): void;
  onChanged(app: AppId): void;
  ids(): readonly AppId[];
  /** Asks where an app came from. */
  look(app: AppId, signal: AbortSignal): Promise<unknown>;
  now(): Date;
}

/** Which apps have something newer where they came from: known from the last look, and looked for at most daily. */
export interface Updates {
  of(app: AppId): AppUpdate | null;
  note(look: UpdateLook): void;
  /** The app is as new as it can be, or gone. */
  forget(app: AppId): void;
  /** Somebody is there: apps that nobody has looked at for a day are looked at, one after the other. */
  lookDaily(): void;
  close(): void;
}

const DAY_MS = 24 * 60 * 60_000;

export function openUpdates(options: UpdatesOptions): Updates {
  const { mayWrite, onProblem, onChanged, now } = options;
  const empty: z.infer<typeof UpdatesFile> = { version: 1, apps: {} };
  const state = new StateFile({ path: options.file, version: 1, schema: UpdatesFile, empty, mayWrite, onProblem });
  const ending = new AbortController();
  let work: Promise<void> | null = null;

  const set = (app: AppId, known: z.infer<typeof Known> | null): void => {
    try {
      state.change((value) => {
        const { [app]: _, ...others } = value.apps;
        return { ...value, apps: known === null ? others : { ...others, [app]: known } };
      });
    } catch {
      return; // it is looked for again
    }
    onChanged(app);
  };

  const isOld = (app: AppId): boolean => {
    const known = state.value.apps[app];
    return known === undefined || now().getTime() - Date.parse(known.checkedAt) > DAY_MS;
  };

  const lookAll = async (): Promise<void> => {
    for (const app of options.ids().filter(isOld)) {
      if (ending.signal.aborted) return;
      const checkedAt = now().toISOString();
      // What cannot be reached today is asked again tomorrow.
      await options.look(app, ending.signal).catch(() => set(app, { checkedAt, found: null }));
    }
  };

  return {
    of: (app) => state.value.apps[app]?.found ?? null,
    note: ({ appId, isAvailable, checkedAt, parts }) => {
      const before = state.value.apps[appId]?.found ?? null;
      const commits = parts.reduce((sum, { count }) => sum + (count ?? 0), 0);
      const found = isAvailable ? { commits, foundAt: before?.foundAt ?? checkedAt } : null;
      set(appId, { checkedAt, found });
    },
    forget: (app) => {
      if (state.value.apps[app] !== undefined) set(app, null);
    },
    lookDaily: () => {
      if (!mayWrite || work !== null) return;
      work = lookAll().finally(() => (work = null));
    },
    close: () => ending.abort(),
  };
}

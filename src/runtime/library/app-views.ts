import { isDeepStrictEqual } from "node:util";
import type { App } from "../protocol/apps.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";

/** The apps as they were last told, so that everybody hears of what has changed since, and only of that. */
export interface AppViews {
  /** Every app. Launchers that may say something else for reasons nobody sees are asked behind the caller's back. */
  all(): Promise<App[]>;
  /** What everybody was told last; nothing before somebody has asked for all. */
  told(): App[];
  /** Looks at one app again soon: many calls in a row become one look. Without anybody who was told of it, none. */
  refreshSoon(id: AppId): void;
  /** Looks which apps there are, as soon as their folders have stopped coming and going. */
  listSoon(): void;
  close(): void;
}

export interface AppViewsOptions {
  list(): Promise<App[]>;
  get(id: AppId, how?: { anew?: boolean }): Promise<App>;
  /** When an app's launcher was last evaluated, in ms of a clock that only goes on; null for never. */
  lookedAt(id: AppId): number | null;
  onChanged(app: App): void;
  onRemoved(id: AppId): void;
}

const SOON_MS = 80;
const SETTLED_MS = 400;
/** Menus may depend on any file and on the time of day. Who asks more often than this gets what is known. */
const TRUE_FOR_MS = 30_000;

export function createAppViews({ list, get, lookedAt, onChanged, onRemoved }: AppViewsOptions): AppViews {
  const told = new Map<AppId, App>();
  const timers = new Map<AppId, NodeJS.Timeout>();
  let isClosed = false;
  let again: Promise<void> | null = null;
  let hasListed = false;
  let listing: NodeJS.Timeout | undefined;

  const note = (app: App) => {
    if (isClosed || isDeepStrictEqual(told.get(app.id), app)) return;
    told.set(app.id, app);
    onChanged(app);
  };

  const forget = (id: AppId) => {
    if (told.delete(id)) onRemoved(id);
  };

  const refresh = async (id: AppId, how: { anew?: boolean } = {}) => {
    try {
      note(await get(id, how));
    } catch (error) {
      if (error instanceof PinokioError && error.code === "app-missing") forget(id);
    }
  };

  /** One after the other: nobody waits for it. */
  const lookAgain = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, SOON_MS).unref());
    for (const id of [...told.keys()]) {
      const at = lookedAt(id);
      if (isClosed) return;
      if (at === null || performance.now() - at > TRUE_FOR_MS) await refresh(id, { anew: true });
    }
  };

  const listAll = async (): Promise<App[]> => {
    const apps = await list();
    const present = new Set(apps.map(({ id }) => id));
    for (const id of [...told.keys()]) if (!present.has(id)) forget(id);
    for (const app of apps) note(app);
    return apps;
  };

  return {
    all: async () => {
      hasListed = true;
      const apps = await listAll();
      again ??= lookAgain().finally(() => (again = null));
      return apps;
    },
    told: () => [...told.values()],
    refreshSoon: (id) => {
      if (!hasListed || timers.has(id)) return;
      const timer = setTimeout(() => {
        timers.delete(id);
        void refresh(id);
      }, SOON_MS);
      timers.set(id, timer);
    },
    listSoon: () => {
      clearTimeout(listing);
      if (hasListed && !isClosed) listing = setTimeout(() => void listAll().catch(() => undefined), SETTLED_MS).unref();
    },
    close: () => {
      isClosed = true;
      clearTimeout(listing);
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

import { isDeepStrictEqual } from "node:util";
import type { App } from "../protocol/apps.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";

/** The apps as they were last seen, kept so that a screen is filled without evaluating every launcher. */
export interface AppViews {
  /** Every app; what was seen before comes as it was then, and is looked at again behind the caller's back. */
  all(): Promise<App[]>;
  /** Looks at one app again soon: many calls in a row become one look. */
  refreshSoon(id: AppId): void;
  close(): void;
}

export interface AppViewsOptions {
  ids(): AppId[];
  get(id: AppId): Promise<App>;
  onChanged(app: App): void;
  onRemoved(id: AppId): void;
}

const SOON_MS = 80;

export function createAppViews({ ids, get, onChanged, onRemoved }: AppViewsOptions): AppViews {
  const seen = new Map<AppId, App>();
  const timers = new Map<AppId, NodeJS.Timeout>();

  const note = (app: App) => {
    if (isDeepStrictEqual(seen.get(app.id), app)) return;
    seen.set(app.id, app);
    onChanged(app);
  };

  const forget = (id: AppId) => {
    if (seen.delete(id)) onRemoved(id);
  };

  const refresh = async (id: AppId) => {
    try {
      note(await get(id));
    } catch (error) {
      if (error instanceof PinokioError && error.code === "app-missing") forget(id);
    }
  };

  const refreshSoon = (id: AppId) => {
    if (timers.has(id)) return;
    const timer = setTimeout(() => {
      timers.delete(id);
      void refresh(id);
    }, SOON_MS);
    timers.set(id, timer);
  };

  return {
    all: async () => {
      const present = ids();
      for (const id of [...seen.keys()]) if (!present.includes(id)) forget(id);
      for (const id of seen.keys()) refreshSoon(id);
      await Promise.all(present.filter((id) => !seen.has(id)).map(refresh));
      return present.flatMap((id) => seen.get(id) ?? []);
    },
    refreshSoon,
    close: () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

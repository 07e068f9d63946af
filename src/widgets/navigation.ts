import type { AppId, RunId } from "../runtime/protocol/ids.js";

/** What somebody may be led to below a view's top. Of an app: settings, files, and the run that is shown. */
export type Section = "settings" | "files" | "run" | "free-space" | "report";

/** A place in the frame that something outside of it wants shown. */
export interface Target {
  appId: AppId | null;
  runId: RunId | null;
  /** What of the run is shown on its app's page. */
  part?: "steps" | "output";
  /** What is to be changed about the app: it says first what that would do. */
  change?: "update" | "reset" | "uninstall";
  /** What is opened and brought into sight: of the app where one is named, else of the tab. */
  section?: Section;
  /** A tab, where neither an app nor a run is named. */
  tabId?: string;
  /** What is looked for in Discover: words, an address or a folder. */
  search?: string;
}

/** How whoever mounts a view sends it somewhere. What is wanted before the view is drawn waits for it. */
export interface Navigation {
  show(target: Target): void;
  /** Calls with what waits, and with all that comes; returns how to stop that. */
  listen(listener: (target: Target) => void): () => void;
}

export function createNavigation(): Navigation {
  const listeners = new Set<(target: Target) => void>();
  let waiting: Target | null = null;
  return {
    show: (target) => {
      if (listeners.size === 0) waiting = target;
      for (const listener of listeners) listener(target);
    },
    listen: (listener) => {
      listeners.add(listener);
      if (waiting !== null) listener(waiting);
      waiting = null;
      return () => void listeners.delete(listener);
    },
  };
}

import type { SidecarClient } from "../runtime/client/sidecar-client.js";
import type { AppId } from "../runtime/protocol/ids.js";
import type { Navigation } from "./navigation.js";
import type { Reach } from "./reach.js";

/**
 * Returns the text in the person's language, with `{name}` replaced by the value of that name.
 * Hosts supply it; `untranslated` is the one without a dictionary.
 */
export type Translate = (text: string, values?: Readonly<Record<string, string | number>>) => string;

/** What else the host can show, beside this view. */
export interface Places {
  /** A tab of the panel. */
  showTab(tabId: string): void;
  /** An app's page in a place of its own. */
  openApp(appId: AppId): void;
  /** All of the tabs in a place of their own; missing where that is. */
  openAll?(): void;
}

/** What a view gets from where it is shown: JupyterLab, a notebook's output, a test. */
export interface ViewHost {
  client: SidecarClient;
  t: Translate;
  /**
   * Shows the page at this address, which may be one that only the sidecar's machine can reach.
   * Rejects with a `PinokioError` that says why it cannot be reached from here and what to do.
   */
  openUrl(url: string): Promise<void>;
  /** On which way this browser reaches apps' pages; rejects while that cannot be found out. */
  reach?(): Promise<Reach>;
  /** What the view begins with and puts down what it remembers in; without it, in one of its own. */
  memory?: Map<string, unknown>;
  /** Sends the view to an app or a run. */
  navigation?: Navigation;
  /** Where the host has other places for views. */
  places?: Places;
  /** True for a part that a cell shows beside others: running the cell again brings it back. */
  isPart?: boolean;
  /** True where the host itself shows what scripts tell, so that the view does not. */
  showsToasts?: boolean;
  /** The view is removed when this aborts. */
  signal: AbortSignal;
}

/** Puts the values into a text that was translated already. */
export function fillIn(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

export const untranslated: Translate = (text, values) => fillIn(text, values);

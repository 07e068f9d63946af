import { Token } from "@lumino/coreutils";
import type { SidecarClient } from "../runtime/client/sidecar-client.js";
import type { Navigation } from "../widgets/navigation.js";
import type { Translate } from "../widgets/view.js";
import type { Health } from "./health.js";

/** The page's one connection to the sidecar, for every plugin that shows or does something. */
export interface ISidecar {
  /** Connects when it is first read. */
  readonly client: SidecarClient;
  /** Calls with the client once somebody reads it. */
  onUse(listener: (client: SidecarClient) => void): void;
  /** Sends the panel to an app or a run. */
  readonly navigation: Navigation;
  /** How frames travel: by the Jupyter server's relay. */
  readonly transportKind: "websocket";
  /** What the server extension says; rejects with a `PinokioError` in words when there is none. */
  health(): Promise<Health>;
  /** Opens a page of an app, whatever way this browser reaches it. */
  openUrl(url: string): Promise<void>;
  readonly t: Translate;
}

export const ISidecar = new Token<ISidecar>("pinokiocloud:ISidecar", "The connection to PinokioCloud's sidecar.");

/** Names of commands, for palettes, launchers and shortcuts. */
export const CommandIds = {
  openPanel: "pinokiocloud:open-panel",
  openApp: "pinokiocloud:open-app",
  showRun: "pinokiocloud:show-run",
  startApp: "pinokiocloud:start-app",
  stopApp: "pinokiocloud:stop-app",
} as const;

export const PANEL_ID = "pinokiocloud-panel";

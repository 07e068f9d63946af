import { Token } from "@lumino/coreutils";
import type { ISignal } from "@lumino/signaling";
import type { SidecarClient } from "../runtime/client/sidecar-client.js";
import type { Navigation } from "../widgets/navigation.js";
import type { Reach } from "../widgets/reach.js";
import type { Places, Translate } from "../widgets/view.js";
import type { Health } from "./health.js";
import type { Settings } from "./settings-shape.js";

/** The page's one connection to the sidecar, for every plugin that shows or does something. */
export interface ISidecar {
  /** Connects when it is first read. */
  readonly client: SidecarClient;
  /** Calls with the client once somebody reads it. */
  onUse(listener: (client: SidecarClient) => void): void;
  /** Connects where a sidecar runs already; starts none. */
  joinRunning(): Promise<void>;
  /** Sends the panel to an app, a run or a tab. */
  readonly navigation: Navigation;
  /** Where the application has room for views beside the panel. */
  readonly places: Places | null;
  /** How frames travel: by the Jupyter server's relay. */
  readonly transportKind: "websocket";
  /** What the server extension says; rejects with a `PinokioError` in words when there is none. */
  health(): Promise<Health>;
  /** The folders in one of the server's that hold a launcher, by their names. */
  launchersIn(folder: string): Promise<readonly string[]>;
  /** Opens a page of an app where the person wants such pages. */
  openUrl(url: string): Promise<void>;
  /** Opens it in a tab of the browser. */
  openInBrowser(url: string): Promise<void>;
  /** The address that this browser reaches the page at; rejects with a `PinokioError`. */
  addressOf(url: string): Promise<string>;
  /** On which way this browser reaches apps' pages. */
  reach(): Promise<Reach>;
  /** `show` opens a page elsewhere than in the browser, or says that it does not. */
  showPagesBy(show: (url: string) => Promise<boolean>): void;
  readonly t: Translate;
}

export const ISidecar = new Token<ISidecar>("pinokiocloud:ISidecar", "The connection to PinokioCloud's sidecar.");

/** What a person has set in the settings editor; what is usual where there is none. */
export interface ISettings {
  readonly now: Settings;
  /** Resolves once they have been read. */
  readonly ready: Promise<void>;
  readonly changed: ISignal<ISettings, void>;
  set<Name extends keyof Settings>(name: Name, value: Settings[Name]): Promise<void>;
}

export const ISettings = new Token<ISettings>("pinokiocloud:ISettings", "What a person has set for PinokioCloud.");

/** Names of commands, for palettes, launchers and shortcuts. */
export const CommandIds = {
  openPanel: "pinokiocloud:open-panel",
  openTab: "pinokiocloud:open-tab",
  showTab: "pinokiocloud:show-tab",
  showRun: "pinokiocloud:show-run",
  install: "pinokiocloud:install",
  installFolder: "pinokiocloud:install-folder",
  stopAll: "pinokiocloud:stop-all",
  showApp: "pinokiocloud:show-app",
  showPage: "pinokiocloud:show-page",
  openApp: "pinokiocloud:open-app",
  chooseApp: "pinokiocloud:choose-app",
  configureApp: "pinokiocloud:configure-app",
  showFiles: "pinokiocloud:show-files",
  resumeInstall: "pinokiocloud:resume-install",
  retryApp: "pinokiocloud:retry-app",
  putBack: "pinokiocloud:put-back",
  startApp: "pinokiocloud:start-app",
  stopApp: "pinokiocloud:stop-app",
  restartApp: "pinokiocloud:restart-app",
  updateApp: "pinokiocloud:update-app",
  resetApp: "pinokiocloud:reset-app",
  uninstallApp: "pinokiocloud:uninstall-app",
  showLog: "pinokiocloud:show-log",
  pinApp: "pinokiocloud:pin-app",
  openFavorite: "pinokiocloud:open-favorite",
} as const;

export const PANEL_ID = "pinokiocloud-panel";

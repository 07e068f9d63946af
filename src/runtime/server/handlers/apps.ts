import type { AppSettingsChange, AppSettingsNow } from "../../protocol/app-settings.js";
import type { App } from "../../protocol/apps.js";
import type { AppId } from "../../protocol/ids.js";
import type { Library } from "../../library/library.js";
import type { Handlers } from "./handler.js";

export interface AppParts {
  library: Library;
  /** Every app, as everybody else is told of it. */
  list(): Promise<App[]>;
  /** Launches those that come up with PinokioCloud, once for each start of the machine. */
  autolaunch(): void;
  settings: {
    now(app: AppId): Promise<AppSettingsNow>;
    change(app: AppId, change: AppSettingsChange): Promise<AppSettingsNow>;
  };
}

export const appHandlers = ({
  library,
  list,
  autolaunch,
  settings,
}: AppParts): Handlers<
  | "apps.inspect"
  | "apps.install"
  | "apps.agree"
  | "apps.list"
  | "apps.autolaunch"
  | "apps.menu"
  | "apps.settings"
  | "apps.setSettings"
> => ({
  "apps.inspect": ({ source }) => library.inspect(source),
  "apps.install": (order) => library.install(order),
  "apps.agree": async ({ appId, fingerprint }) => {
    await library.agree(appId, fingerprint);
    return {};
  },
  "apps.list": () => list(),
  "apps.autolaunch": () => {
    autolaunch();
    return {};
  },
  "apps.menu": ({ appId }) => library.menu(appId),
  "apps.settings": ({ app }) => settings.now(app),
  "apps.setSettings": ({ app, settings: change }) => settings.change(app, change),
});

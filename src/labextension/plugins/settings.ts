import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { createSettings } from "../settings.js";
import { ISettings } from "../tokens.js";

/** Provides what a person has set in the settings editor. */
export const settingsPlugin: JupyterFrontEndPlugin<ISettings> = {
  id: "pinokiocloud:settings",
  description: "The settings of PinokioCloud.",
  autoStart: true,
  provides: ISettings,
  optional: [ISettingRegistry],
  activate: (app: JupyterFrontEnd, registry: ISettingRegistry | null): ISettings =>
    // Not before: JupyterLab's plugin of shortcuts fails when a schema with some is loaded ahead of its own.
    createSettings(registry, app.restored),
};

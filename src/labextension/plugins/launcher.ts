import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ILauncher } from "@jupyterlab/launcher";
import { CommandIds } from "../tokens.js";

/** A card in the launcher, where there is one. */
export const launcherPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:launcher",
  description: "The PinokioCloud card in the launcher.",
  autoStart: true,
  optional: [ILauncher],
  activate: (_app: JupyterFrontEnd, launcher: ILauncher | null) => {
    launcher?.add({ command: CommandIds.openPanel, category: "Other", rank: 5 });
  },
};

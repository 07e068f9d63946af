import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IStatusBar } from "@jupyterlab/statusbar";
import { CommandIds, ISettings, ISidecar } from "../tokens.js";
import { UsageItem } from "../usage-item.js";

/** How many apps run and how much GPU memory is used, in the status bar; a click opens Running. */
export const statusBarPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:status-bar",
  description: "What runs, in the status bar.",
  autoStart: true,
  requires: [ISidecar, ISettings],
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, sidecar: ISidecar, settings: ISettings, statusBar: IStatusBar | null) => {
    if (statusBar === null) return;
    const item = new UsageItem(sidecar, () => void app.commands.execute(CommandIds.showTab, { tab: "running" }));
    const update = (): void => item.setWanted(settings.now.statusBar);
    settings.changed.connect(update);
    statusBar.registerStatusItem("pinokiocloud:usage", {
      item,
      align: "left",
      rank: 20,
      isActive: () => item.isShown,
      activeStateChanged: item.shownChanged,
    });
    void app.restored.then(async () => {
      await settings.ready;
      update();
      if (settings.now.statusBar) await sidecar.joinRunning();
    });
  },
};

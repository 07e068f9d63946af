import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IRunningSessionManagers } from "@jupyterlab/running";
import { RunningApps } from "../running-apps.js";
import { ISettings, ISidecar } from "../tokens.js";

/** Apps that run, among JupyterLab's terminals and kernels. */
export const runningPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:running",
  description: "Apps that run, in the panel of running sessions.",
  autoStart: true,
  requires: [ISidecar, ISettings],
  optional: [IRunningSessionManagers],
  activate: (
    app: JupyterFrontEnd,
    sidecar: ISidecar,
    settings: ISettings,
    managers: IRunningSessionManagers | null,
  ) => {
    if (managers === null) return;
    void app.restored.then(async () => {
      await settings.ready;
      if (!settings.now.runningPanel) return;
      managers.add(new RunningApps(sidecar, app.commands));
      await sidecar.joinRunning();
    });
  },
};

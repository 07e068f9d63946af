import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Notification } from "@jupyterlab/apputils";
import { followTold } from "../../widgets/told/follow-told.js";
import { followWaiting } from "../../widgets/told/follow-waiting.js";
import { createNotificationBoard } from "../notification-board.js";
import { CommandIds, ISidecar } from "../tokens.js";

/** What scripts tell and ask, as notifications of JupyterLab: the panel may be closed. */
export const notificationsPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:notifications",
  description: "Shows what apps say and ask.",
  autoStart: true,
  requires: [ISidecar],
  activate: (app: JupyterFrontEnd, sidecar: ISidecar) => {
    const board = createNotificationBoard(Notification);
    const { t } = sidecar;
    // Asking for nothing by itself: who opens no view has no connection, and hears nothing.
    sidecar.onUse((client) => {
      const openUrl = (url: string): Promise<void> => sidecar.openUrl(url);
      followTold({ client, t, board, openUrl, copy: (text) => navigator.clipboard.writeText(text) });
      const show = ({ id, appId }: { id: string; appId: string | null }): void =>
        void app.commands.execute(CommandIds.showRun, { run: id, app: appId });
      followWaiting({ client, t, board, show });
    });
  },
};

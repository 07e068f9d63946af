import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Notification } from "@jupyterlab/apputils";
import { followTold } from "../../widgets/told/follow-told.js";
import { followWaiting } from "../../widgets/told/follow-waiting.js";
import type { ToastBoard } from "../../widgets/told/toast.js";
import { followJobs } from "../follow-jobs.js";
import { createNotificationBoard } from "../notification-board.js";
import { CommandIds, ISettings, ISidecar } from "../tokens.js";

/** What scripts tell and ask, and how far long work is, as notifications of JupyterLab: the panel may be closed. */
export const notificationsPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:notifications",
  description: "Shows what apps say and ask, and how far installs are.",
  autoStart: true,
  requires: [ISidecar, ISettings],
  activate: ({ commands }: JupyterFrontEnd, sidecar: ISidecar, settings: ISettings) => {
    const wanted = () => settings.now.notifications;
    const all = createNotificationBoard(Notification);
    const board: ToastBoard = {
      show: (toast) => {
        const isImportant = toast.level === "warning" || toast.level === "error";
        if (wanted() === "all" || (wanted() === "important" && isImportant)) all.show(toast);
      },
      remove: (id) => all.remove(id),
    };
    const { t } = sidecar;
    // Asking for nothing by itself: who opens no view has no connection, and hears nothing.
    sidecar.onUse((client) => {
      const openUrl = (url: string): Promise<void> => sidecar.openUrl(url);
      followTold({ client, t, board, openUrl, copy: (text) => navigator.clipboard.writeText(text) });
      const show = ({ id, appId }: { id: string; appId: string | null }): void =>
        void commands.execute(CommandIds.showRun, { run: id, app: appId });
      followWaiting({ client, t, board, show });
      followJobs({
        client,
        t,
        notifications: Notification,
        wanted,
        isWatched: isViewOnScreen,
        show: (target) => void commands.execute(CommandIds.showApp, target),
      });
    });
  },
};

/** The tabs and apps' pages tell the same, where it happens. */
const isViewOnScreen = (): boolean =>
  [...document.querySelectorAll(".pk-root .pk-tabs, .pk-root .pk-page")].some(
    (view) => view.getClientRects().length > 0,
  );

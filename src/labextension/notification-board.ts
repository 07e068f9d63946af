import type { Notification } from "@jupyterlab/apputils";
import type { Toast, ToastBoard } from "../widgets/told/toast.js";

/** Of JupyterLab's notifications, what is needed here. */
export type Notifications = Pick<typeof Notification, "emit" | "update" | "dismiss">;

/** Shows toasts among JupyterLab's own notifications. */
export function createNotificationBoard(notifications: Notifications): ToastBoard {
  const shown = new Map<string, string>();
  return {
    show: ({ id, level, from, text, lastsMs, action }: Toast) => {
      const message = `${from}: ${text}`;
      const options = { autoClose: lastsMs ?? (false as const), actions: action === null ? [] : [buttonFor(action)] };
      const known = shown.get(id);
      // Nothing to change once a person has put it away.
      const changed = known !== undefined && notifications.update({ id: known, message, type: level, ...options });
      if (!changed) shown.set(id, notifications.emit(message, level, options));
    },
    remove: (id) => {
      const known = shown.get(id);
      shown.delete(id);
      if (known !== undefined) notifications.dismiss(known);
    },
  };
}

const buttonFor = ({ label, press }: NonNullable<Toast["action"]>): Notification.IAction => ({
  label,
  callback: (event) => {
    event.preventDefault(); // else it goes away at once, whatever comes of it
    press();
  },
});

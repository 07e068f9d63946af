import { useEffect, useMemo, useState } from "react";
import { useHost } from "../host.js";
import { Button, IconButton } from "../parts/button.js";
import { Icon, type IconName } from "../parts/icon.js";
import { followTold } from "./follow-told.js";
import type { Toast, ToastBoard } from "./toast.js";

/** More than these nobody reads at once; the oldest goes. */
const MOST_TOASTS = 3;

/** What scripts tell, at the foot of the frame. */
export function Toasts() {
  const { client, t, openUrl } = useHost();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const board: ToastBoard = useMemo(
    () => ({
      show: (toast) =>
        setToasts((before) =>
          before.some(({ id }) => id === toast.id)
            ? before.map((other) => (other.id === toast.id ? toast : other))
            : [...before, toast].slice(-MOST_TOASTS),
        ),
      remove: (id) => setToasts((before) => before.filter((toast) => toast.id !== id)),
    }),
    [],
  );

  useEffect(
    () => followTold({ client, t, openUrl, copy: (text) => navigator.clipboard.writeText(text), board }),
    [client, t, openUrl, board],
  );

  return (
    <ul className="pk-toasts" aria-live="polite" aria-label={t("What apps say")}>
      {toasts.map((toast) => (
        <li key={toast.id}>
          <ToastLine toast={toast} onGone={() => board.remove(toast.id)} />
        </li>
      ))}
    </ul>
  );
}

const ICONS: Record<Toast["level"], IconName> = {
  info: "info",
  success: "check",
  warning: "warning",
  error: "error",
};

function ToastLine({ toast, onGone }: { toast: Toast; onGone(): void }) {
  const { t } = useHost();
  const [held, setHeld] = useState(false);
  const { lastsMs, action } = toast;

  useEffect(() => {
    if (lastsMs === null || held) return;
    const timer = setTimeout(onGone, lastsMs);
    return () => clearTimeout(timer);
    // `onGone` is a new function each time and does the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [toast, lastsMs, held]);

  return (
    <div
      className={`pk-toast pk-toast-${toast.level}`}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name={ICONS[toast.level]} />
      <div className="pk-toast-text">
        <span className="pk-toast-from">{toast.from}</span>
        <span>{toast.text}</span>
      </div>
      {action === null ? null : <Button onPress={action.press}>{action.label}</Button>}
      <IconButton icon="close" label={t("Dismiss")} onPress={onGone} />
    </div>
  );
}

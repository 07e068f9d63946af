import type { ReactNode } from "react";
import type { WireError } from "../../runtime/protocol/errors.js";
import { useHost } from "../host.js";
import { IconButton } from "./button.js";
import { Icon } from "./icon.js";

interface ErrorCardProps {
  error: WireError;
  /** What can be done about it here. */
  children?: ReactNode;
  onDismiss?(): void;
}

/** A failure, where the work was: what happened, what to do. */
export function ErrorCard({ error, children, onDismiss }: ErrorCardProps) {
  const { t } = useHost();
  return (
    <div className="pk-card pk-card-bad" role="group" aria-label={t("Error")}>
      <Icon name="error" />
      <div className="pk-card-text">
        <p>{error.message}</p>
        {error.hint === undefined ? null : <p className="pk-soft">{error.hint}</p>}
        {children === undefined ? null : <div className="pk-actions">{children}</div>}
      </div>
      {onDismiss === undefined ? null : <IconButton icon="close" label={t("Dismiss")} onPress={onDismiss} />}
    </div>
  );
}

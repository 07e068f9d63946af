import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.js";

interface ButtonProps {
  children: ReactNode;
  onPress(): void;
  kind?: "primary" | "secondary" | "quiet" | "danger";
  icon?: IconName;
  /** Why it cannot be pressed now, or null. It can still be focused, so that the reason can be read. */
  obstacle?: string | null;
  busy?: boolean;
  title?: string;
  expanded?: boolean;
  submits?: boolean;
}

export function Button(props: ButtonProps) {
  const {
    children,
    onPress,
    kind = "secondary",
    icon,
    obstacle = null,
    busy = false,
    title,
    expanded,
    submits,
  } = props;
  const blocked = obstacle !== null || busy;
  return (
    <button
      type={submits === true ? "submit" : "button"}
      className={`pk-button pk-button-${kind}`}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      aria-expanded={expanded}
      title={obstacle ?? title}
      onClick={(event) => {
        if (blocked) event.preventDefault();
        else onPress();
      }}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps {
  icon: IconName;
  label: string;
  onPress(): void;
  expanded?: boolean;
  obstacle?: string | null;
  busy?: boolean;
  /** -1 where other keys lead to it. */
  tabIndex?: number;
}

export function IconButton({
  icon,
  label,
  onPress,
  expanded,
  obstacle = null,
  busy = false,
  tabIndex,
}: IconButtonProps) {
  const blocked = obstacle !== null || busy;
  return (
    <button
      type="button"
      className="pk-button pk-button-icon"
      aria-label={label}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      aria-expanded={expanded}
      tabIndex={tabIndex}
      title={obstacle ?? label}
      onClick={() => {
        if (!blocked) onPress();
      }}
    >
      <Icon name={icon} />
    </button>
  );
}

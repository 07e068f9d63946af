import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useHost } from "../host.js";
import { Icon, type IconName } from "./icon.js";

export interface MenuEntry {
  label: string;
  act(): void;
  /** Why it cannot be done now, or null. */
  obstacle?: string | null;
  /** A line in front of it. */
  begins?: boolean;
}

/** Of the pointer or of what was pressed, in the window. */
export interface MenuPlace {
  x: number;
  y: number;
}

interface PopupMenuProps {
  label: string;
  place: MenuPlace;
  entries: readonly MenuEntry[];
  /** Also before an entry acts. Whoever opened it gives the focus back. */
  onClose(): void;
}

const MARGIN = 4;

/** A menu at the pointer: arrows move in it, Escape and a press elsewhere close it. */
export function PopupMenu({ label, place, entries, onClose }: PopupMenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ left: number; top: number } | null>(null);

  useLayoutEffect(() => {
    const { current } = menu;
    const around = current?.offsetParent;
    if (current !== null && around instanceof HTMLElement) setAt(placeIn(around, current, place));
    current?.querySelector<HTMLElement>("[role=menuitem]")?.focus({ preventScroll: true });
    // Where it opens is where it stays.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const onPress = (event: Event) => {
      if (menu.current !== null && !event.composedPath().includes(menu.current)) close.current();
    };
    document.addEventListener("pointerdown", onPress, true);
    return () => document.removeEventListener("pointerdown", onPress, true);
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const now = items.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (to !== undefined) items[(to + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={menu}
      className="pk-popup"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      style={at ?? { left: 0, top: 0 }}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {entries.map(({ label: text, act, obstacle = null, begins = false }) => (
        <button
          key={text}
          type="button"
          role="menuitem"
          className={begins ? "pk-popup-entry pk-popup-begins" : "pk-popup-entry"}
          aria-disabled={obstacle !== null || undefined}
          title={obstacle ?? undefined}
          onClick={() => {
            if (obstacle !== null) return;
            onClose();
            act();
          }}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

/** Within what is seen of the box around it, which may be scrolled. */
function placeIn(around: HTMLElement, menu: HTMLElement, { x, y }: MenuPlace): { left: number; top: number } {
  const box = around.getBoundingClientRect();
  const within = (wanted: number, size: number, room: number): number =>
    Math.max(MARGIN, Math.min(wanted, room - size - MARGIN));
  return {
    left: within(x - box.left, menu.offsetWidth, around.clientWidth) + around.scrollLeft,
    top: within(y - box.top, menu.offsetHeight, around.clientHeight) + around.scrollTop,
  };
}

/** A button that opens a menu below it. */
export function MenuButton({
  icon = "more",
  label,
  entries,
}: {
  icon?: IconName;
  label: string;
  entries: MenuEntry[];
}) {
  const { t } = useHost();
  const button = useRef<HTMLButtonElement>(null);
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const close = () => {
    setPlace(null);
    button.current?.focus({ preventScroll: true });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="pk-button pk-button-icon"
        aria-label={t(label)}
        aria-haspopup="menu"
        aria-expanded={place !== null}
        title={t(label)}
        onClick={() => {
          const box = button.current?.getBoundingClientRect();
          setPlace(box === undefined ? { x: 0, y: 0 } : { x: box.left, y: box.bottom });
        }}
      >
        <Icon name={icon} />
      </button>
      {place === null ? null : <PopupMenu label={label} place={place} entries={entries} onClose={close} />}
    </>
  );
}

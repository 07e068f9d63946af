import { type KeyboardEvent, useState } from "react";
import type { Folder } from "../../runtime/protocol/files.js";
import { useHost } from "../host.js";
import { Icon } from "./icon.js";

interface FolderListProps {
  label: string;
  entries: Folder["entries"];
  isMany: boolean;
  isChosen(name: string): boolean;
  onOpen(folder: string): void;
  onUp(): void;
  onChoose(file: string): void;
}

/** What lies in a folder. Arrow keys move, Enter opens a folder or chooses a file, Backspace goes up. */
export function FolderList({ label, entries, isMany, isChosen, onOpen, onUp, onChoose }: FolderListProps) {
  const { t } = useHost();
  const [active, setActive] = useState(0);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Backspace") {
      event.preventDefault();
      return onUp();
    }
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(to, 0), entries.length - 1);
    setActive(next);
    event.currentTarget.querySelectorAll<HTMLElement>("button")[next]?.focus();
  };

  if (entries.length === 0) return <p className="pk-soft pk-files-empty">{t("Nothing to choose in here")}</p>;
  return (
    <ul className="pk-files" aria-label={label} onKeyDown={onKeyDown}>
      {entries.map(({ name, kind }, index) => {
        const chosen = isChosen(name);
        return (
          <li key={name}>
            <button
              type="button"
              className="pk-file"
              tabIndex={index === active ? 0 : -1}
              {...(kind === "file" ? { "aria-pressed": chosen } : {})}
              onFocus={() => setActive(index)}
              onClick={() => (kind === "folder" ? onOpen(name) : onChoose(name))}
            >
              <Icon name={kind === "folder" ? "folder" : chosen && isMany ? "check" : "file"} />
              <span>{name}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { AppFile, AppFileList } from "../../runtime/protocol/app-files.js";
import { onOneLine } from "../../runtime/protocol/printable.js";
import { useHost, useObstacle, useSidecarNow } from "../host.js";
import { agoText } from "../library/ago.js";
import { sizeText } from "../measures.js";
import { IconButton } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import type { Translate } from "../view.js";

interface FileRowsProps {
  label: string;
  list: AppFileList;
  /** The name of the file that is open, or null. */
  opened: string | null;
  /** What is shown of the file that is open. */
  viewer(file: AppFile): ReactNode;
  onOpen(file: AppFile): void;
  /** Missing for files that are the app's. */
  onTrash?: (file: AppFile) => void;
}

/** Files and folders of one kind. Arrow keys move, Enter opens, Delete moves into the trash. */
export function FileRows({ label, list: { entries }, opened, viewer, onOpen, onTrash }: FileRowsProps) {
  const now = useSidecarNow(false);
  const [active, setActive] = useState(0);
  const current = Math.min(active, entries.length - 1);
  const list = useRef<HTMLUListElement>(null);
  const hasTrashed = useRef(false);
  useEffect(() => {
    // The focus was on what is gone: it goes on to what is there now, unless a person has taken it elsewhere.
    if (hasTrashed.current && document.activeElement?.contains(list.current) === true) {
      list.current?.querySelector<HTMLElement>(".pk-file-name[tabindex='0']")?.focus({ preventScroll: true });
    }
    hasTrashed.current = false;
  }, [entries]);
  const trash = (file: AppFile) => {
    hasTrashed.current = true;
    onTrash?.(file);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(".pk-file-name")];
    if (!rows.includes(event.target as HTMLElement)) return;
    const to = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }[event.key];
    const file = entries[current];
    if (event.key === "Delete" && file !== undefined && !file.isMixed) trash(file);
    if (to === undefined) return;
    event.preventDefault();
    rows[Math.min(Math.max(to, 0), rows.length - 1)]?.focus();
  };
  return (
    <ul ref={list} className="pk-file-rows" aria-label={label} onKeyDown={onKeyDown}>
      {entries.map((file, index) => (
        <li key={file.name} className="pk-file-row" onFocus={() => setActive(index)}>
          <FileRow
            file={file}
            now={now}
            isOpen={opened === file.name}
            tabIndex={index === current ? 0 : -1}
            onOpen={() => onOpen(file)}
            {...(onTrash === undefined ? {} : { onTrash: () => trash(file) })}
          />
          {opened === file.name ? viewer(file) : null}
        </li>
      ))}
    </ul>
  );
}

interface FileRowProps {
  file: AppFile;
  now: number;
  isOpen: boolean;
  tabIndex: number;
  onOpen(): void;
  onTrash?: () => void;
}

function FileRow({ file, now, isOpen, tabIndex, onOpen, onTrash }: FileRowProps) {
  const { t } = useHost();
  const obstacle = useObstacle();
  const { kind, at, isMixed } = file;
  const name = onOneLine(file.name);
  return (
    <>
      {kind === "link" ? (
        <span className="pk-file-name" tabIndex={tabIndex} title={t("A link is not followed")}>
          <Icon name="open" />
          <span>
            <bdi>{name}</bdi> → <bdi>{onOneLine(file.leadsTo ?? "?")}</bdi>
          </span>
        </span>
      ) : (
        <button
          type="button"
          className="pk-file-name"
          tabIndex={tabIndex}
          {...(kind === "file" ? { "aria-expanded": isOpen } : {})}
          onClick={onOpen}
        >
          <Icon name={kind} />
          <bdi>{name}</bdi>
        </button>
      )}
      <span className="pk-soft pk-number pk-file-size">{sizeOf(file, t)}</span>
      <time className="pk-soft pk-number pk-file-at" dateTime={at} title={new Date(at).toLocaleString()}>
        {agoText(now - Date.parse(at), t)}
      </time>
      {onTrash === undefined ? null : (
        <IconButton
          icon="trash"
          label={t("Move {name} to the trash", { name })}
          obstacle={obstacle ?? (isMixed ? t("It holds files of the app too: open it") : null)}
          tabIndex={tabIndex}
          onPress={onTrash}
        />
      )}
    </>
  );
}

function sizeOf({ bytes, files }: AppFile, t: Translate): string {
  const count = files === null ? "" : files === 1 ? t("1 file") : t("{count} files", { count: files });
  return [count, bytes === null ? "" : sizeText(bytes)].filter((text) => text !== "").join(" · ");
}

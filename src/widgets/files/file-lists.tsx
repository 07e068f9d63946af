import { type ReactNode, useState } from "react";
import type { AppFile, AppFolder } from "../../runtime/protocol/app-files.js";
import { useHost } from "../host.js";
import { Button } from "../parts/button.js";
import type { Translate } from "../view.js";
import { FileRows } from "./file-rows.js";

interface FileListsProps {
  value: AppFolder;
  /** What is looked for in names, or empty. */
  text: string;
  /** The name of the file that is open, or null. */
  opened: string | null;
  viewer(file: AppFile): ReactNode;
  onOpen(file: AppFile): void;
  onTrash(file: AppFile): void;
  /** Null where no more can be asked for. */
  onMore: (() => void) | null;
}

/** What lies in a folder: what a person made, and the app's own out of the way. */
export function FileLists({ value, text, opened, viewer, onOpen, onTrash, onMore }: FileListsProps) {
  const { t } = useHost();
  const { own, others, unreadable, isCut } = value;
  const rows = { opened, viewer, onOpen };
  const isMore = [own, others].some(({ entries, total }) => total > entries.length);
  return (
    <>
      {own.total === 0 ? (
        <p className="pk-soft">{nothingText(value, text, t)}</p>
      ) : (
        <FileRows {...rows} label={t("Yours")} list={own} onTrash={onTrash} />
      )}
      <Others list={others} isFound={text !== ""} isAll={own.total === 0 && value.folder !== ""} rows={rows} />
      {isMore && onMore !== null ? (
        <Button kind="quiet" onPress={onMore}>
          {t("Show more")}
        </Button>
      ) : null}
      {isCut || (isMore && onMore === null) ? (
        <p className="pk-soft">{t("There is more here than is shown: find it by its name")}</p>
      ) : null}
      {unreadable === 0 ? null : (
        <p className="pk-soft">
          {unreadable === 1
            ? t("1 file is left out: its name is no text")
            : t("{count} files are left out: their names are no text", { count: unreadable })}
        </p>
      )}
    </>
  );
}

function nothingText({ folder, others }: AppFolder, text: string, t: Translate): string {
  if (text !== "")
    return others.total > 0 ? t("Nothing of yours has that in its name") : t("Nothing has that in its name");
  if (others.total === 0) return t("This folder is empty");
  return folder === "" ? t("You have made nothing in it yet") : t("Nothing of yours is here");
}

interface OthersProps {
  list: AppFolder["others"];
  isFound: boolean;
  /** There is nothing else in the folder. */
  isAll: boolean;
  rows: Pick<FileListsProps, "opened" | "viewer" | "onOpen">;
}

function Others({ list, isFound, isAll, rows }: OthersProps) {
  const { t } = useHost();
  const [open, setOpen] = useState(isAll);
  const count = list.total;
  if (count === 0) return null;
  const isOpen = open || isFound || list.entries.some(({ name }) => name === rows.opened);
  return (
    <>
      <Button kind="quiet" expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        {t("The app's own: {count}", { count })}
      </Button>
      {isOpen ? <FileRows {...rows} label={t("The app's own")} list={list} /> : null}
    </>
  );
}

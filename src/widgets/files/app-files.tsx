import { useEffect, useRef, useState } from "react";
import type { AppFile, AppFileOrder, AppFolder } from "../../runtime/protocol/app-files.js";
import type { App } from "../../runtime/protocol/apps.js";
import { APP_FILES } from "../../runtime/protocol/limits.js";
import { useFrame, useHost, useRemembered } from "../host.js";
import { filesKey, useLedTo } from "../led-to.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { FileLists } from "./file-lists.js";
import { FileViewer } from "./file-viewer.js";
import { FindFile, FolderBar } from "./folder-bar.js";
import { filesKeys } from "./shown-files.js";
import { useFolder } from "./use-folder.js";
import { useTrashFile } from "./use-trash-file.js";

/** What a person made in an app, apart from what is the app's. Nothing is looked at before somebody asks. */
export function AppFiles({ app }: { app: App }) {
  const { t } = useHost();
  const { memory } = useFrame();
  const keys = filesKeys(app.id);
  const [open, setOpen] = useRemembered(filesKey(app.id), false);
  useEffect(() => {
    memory.set(keys.isHere, true);
    return () => void memory.delete(keys.isHere);
  }, [memory, keys.isHere]);
  return (
    <section className="pk-page-files" aria-label={t("Files")}>
      <h3 className="pk-heading">{t("Files")}</h3>
      <Button kind="quiet" icon="folder" expanded={open} onPress={() => setOpen(!open)}>
        {open ? t("Hide files") : t("Show what you have made")}
      </Button>
      {open ? <Folder app={app} /> : null}
    </section>
  );
}

/** So many are shown at first; where there are more, one looks for names. */
const AT_FIRST = 50;

function Folder({ app }: { app: App }) {
  const { t } = useHost();
  const keys = filesKeys(app.id);
  const [folder, setFolder] = useRemembered(keys.folder, "");
  const [order, setOrder] = useRemembered<AppFileOrder>("files order", "newest");
  const [most, setMost] = useState(AT_FIRST);
  const [text, setText] = useState("");
  const [opened, setOpened] = useRemembered<string | null>(keys.opened, null);
  const top = useRef<HTMLDivElement>(null);
  const { value, error, refresh } = useFolder(app, { folder, text, order, most });
  const trash = useTrashFile(app.id, () => {
    setOpened(null);
    refresh();
    top.current?.focus({ preventScroll: true }); // what had it is gone
  });
  const hasMoved = useRef(false);
  const go = (to: string) => {
    hasMoved.current = true;
    setFolder(to);
    setMost(AT_FIRST);
    setText("");
    setOpened(null);
  };
  useEffect(() => {
    if (hasMoved.current) top.current?.focus(); // what was pressed is gone with the list it was in
  }, [folder]);
  useLedTo("files", app.id, top);
  const isListed = [value?.own, value?.others].some((list) => list?.entries.some(({ name }) => name === opened));
  useEffect(() => {
    // Of many files only some are shown.
    if (opened !== null && value?.folder === folder && !isListed && text === "") setText(opened);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [value]);
  const below = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  const open = ({ kind, name }: AppFile) => {
    if (kind === "folder") go(below(name));
    else if (kind === "file") setOpened(opened === name ? null : name);
  };

  return (
    <div className="pk-app-files" ref={top} tabIndex={-1} aria-label={t("Files")} role="group">
      <FolderBar
        {...{ folder, order }}
        title={app.title || app.id}
        path={folder === "" ? app.path : `${app.path}/${folder}`}
        onGo={go}
        onOrder={setOrder}
        onRefresh={refresh}
      />
      {value !== null && (text !== "" || isMany(value)) ? <FindFile text={text} onText={setText} /> : null}
      {trash.shown}
      {error === null ? null : <ErrorCard error={error} />}
      {value === null ? (
        error === null ? (
          <p className="pk-soft">{t("Looking at what is yours")}</p>
        ) : null
      ) : (
        <FileLists
          key={folder}
          {...{ value, text, opened }}
          viewer={(file) => (
            <FileViewer app={app.id} path={below(file.name)} file={file} onClose={() => setOpened(null)} />
          )}
          onOpen={open}
          onTrash={({ name }) => trash.move(below(name))}
          onMore={most < APP_FILES.entries ? () => setMost(APP_FILES.entries) : null}
        />
      )}
    </div>
  );
}

const isMany = ({ own, others }: AppFolder): boolean => own.total > AT_FIRST || others.total > AT_FIRST;

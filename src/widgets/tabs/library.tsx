import { type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { arrangedApps, sortedApps } from "../../runtime/client/arrange-apps.js";
import type { App } from "../../runtime/protocol/apps.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import { isUnderWay, type Job } from "../../runtime/protocol/jobs.js";
import type { Run } from "../../runtime/protocol/runs.js";
import type { ShelfThing } from "../../runtime/protocol/shelf.js";
import { alikeIn } from "../alike.js";
import { useAction, useConnection, useFrame, useHost, useRemembered, useRuns, useSnapshot } from "../host.js";
import { useAppMenu } from "../library/app-menu.js";
import { AppRow } from "../library/app-row.js";
import { BatchBar } from "../library/batch-bar.js";
import { ExportNote } from "../library/export-note.js";
import { EmptyLibrary } from "../library/empty-library.js";
import { FolderHead } from "../library/folder-head.js";
import { FolderNameField } from "../library/folder-name-field.js";
import { ImportLine, ImportSheet } from "../library/import-sheet.js";
import { type LibraryChoice, LibraryToolbar } from "../library/library-toolbar.js";
import { MissingApps } from "../library/missing-apps.js";
import { isFound, keyOf } from "../library/places.js";
import { thingAttributes, useArranging } from "../library/use-arranging.js";
import { useLayout } from "../library/use-layout.js";
import { showInLibrary, useShownThing } from "../library/use-shown-thing.js";
import { useTransfer } from "../library/use-transfer.js";
import { ErrorCard } from "../parts/error-card.js";
import { PopupMenu } from "../parts/popup-menu.js";
import { useOnScreen } from "../usage/use-on-screen.js";
import type { Tab } from "./tab.js";

export const libraryTab: Tab = { id: "library", label: "My Library", icon: "library", View: Library };

const NO_APPS: App[] = [];
const ALL: LibraryChoice = { order: "own", text: "", favorites: false };

function Library() {
  const { t } = useHost();
  const snapshot = useSnapshot();
  const apps = snapshot?.apps ?? NO_APPS;
  const missing = snapshot?.shelf?.missing ?? [];
  const [dismissed, setDismissed] = useRemembered<string | null>("dismissed import", null);
  const transfer = useTransfer();

  if (transfer.offer !== null) return <ImportSheet offer={transfer.offer} onClose={transfer.close} />;
  return (
    <>
      <input
        ref={transfer.input}
        className="pk-hidden"
        type="file"
        accept=".json,application/json"
        tabIndex={-1}
        aria-label={t("File of a library")}
        onChange={(event) => transfer.chosen(event.target)}
      />
      {transfer.action.error === null ? null : (
        <ErrorCard error={transfer.action.error} onDismiss={transfer.action.dismiss} />
      )}
      <ExportNote leftOut={transfer.leftOut} onDismiss={transfer.dismissLeftOut} />
      <ImportLine dismissed={dismissed} onDismiss={setDismissed} />
      {apps.length === 0 && missing.length === 0 ? (
        <EmptyLibrary onImport={transfer.choose} />
      ) : (
        <Shelf apps={apps} transfer={transfer} />
      )}
      <MissingApps missing={missing} />
    </>
  );
}

const NO_ITEMS: never[] = [];
const NO_JOBS: Job[] = [];

function Shelf({ apps, transfer }: { apps: readonly App[]; transfer: ReturnType<typeof useTransfer> }) {
  const { host, memory } = useFrame();
  const { client, t } = host;
  const snapshot = useSnapshot();
  const shelf = snapshot?.shelf;
  const jobs = snapshot?.jobs ?? NO_JOBS;
  const view = useRef<HTMLDivElement>(null);
  const [choice, setChoice] = useRemembered<LibraryChoice>("library choice", ALL);
  const [selected, setSelected] = useRemembered<ReadonlySet<AppId> | null>("library selected", null);
  const [isNaming, setNaming] = useState(false);
  const naming = useAction();
  const now = useMinutes();
  const isOwn = choice.order === "own" && choice.text === "" && !choice.favorites;
  const nameOf = (thing: ShelfThing): string => nameIn(thing, apps, shelf?.items ?? NO_ITEMS);
  const [layout, setLayout] = useLayout();
  const arranging = useArranging(shelf?.items ?? NO_ITEMS, nameOf, {
    isOn: isOwn && selected === null,
    isGrid: layout === "grid",
  });
  useMeasuring(view);
  useShownThing(view, shelf?.items ?? NO_ITEMS, apps);

  const shown = useShown(apps, choice);
  const runsOf = useRunsByApp();
  const alike = useMemo(() => alikeIn(apps), [apps]);
  const select = useCallback(
    (app: App, isIn: boolean) => {
      if (selected === null) return;
      const next = new Set(selected);
      if (isIn) next.add(app.id);
      else next.delete(app.id);
      setSelected(next);
    },
    [selected, setSelected],
  );
  const restart = useAction();
  const menu = useAppMenu((app) => setSelected(new Set(app === null ? [] : [app.id])), restart.start);

  const row = (app: App) => (
    <li key={app.id} {...thingAttributes({ app: app.id })} {...dropMark(arranging.mark, { app: app.id })}>
      <AppRow
        app={app}
        runs={runsOf(app.id)}
        job={jobs.find((job) => job.appId === app.id && isUnderWay(job)) ?? null}
        isAlike={alike.has(app.id)}
        now={now}
        selected={selected === null ? null : selected.has(app.id)}
        isMovable={isOwn && selected === null}
        onSelect={select}
        onMenu={menu.open}
      />
    </li>
  );

  return (
    <div ref={view} className="pk-library" data-layout={layout} {...arranging.handlers}>
      {selected === null ? (
        <LibraryToolbar
          count={apps.length}
          favorites={apps.filter(({ marks }) => marks?.favorite === true).length}
          choice={choice}
          layout={layout}
          onChoose={setChoice}
          onLayout={setLayout}
          onNewFolder={() => setNaming(true)}
          onSelect={() => setSelected(new Set())}
          onExport={transfer.save}
          onImport={transfer.choose}
        />
      ) : (
        <BatchBar
          apps={shown}
          selected={selected}
          onSelect={(ids) => setSelected(new Set(ids))}
          onDone={() => setSelected(null)}
        />
      )}
      {isNaming ? (
        <FolderNameField
          label={t("Name of the new folder")}
          name=""
          onDone={(name) => {
            setNaming(false);
            if (name === null) return;
            naming.start(async () => showInLibrary(memory, await client.request("library.addFolder", { name })));
          }}
        />
      ) : null}
      {[naming, arranging.action, restart].map(({ error, dismiss }, at) =>
        error === null ? null : <ErrorCard key={at} error={error} onDismiss={dismiss} />,
      )}
      {shown.length === 0 && apps.length > 0 ? (
        <p className="pk-soft">{t("No app is like that")}</p>
      ) : isOwn ? (
        arrangedApps(shown, shelf).map(({ folder, apps: own }, at) =>
          folder === null ? (
            <ul key={`loose ${at}`} className="pk-rows pk-shelf">
              {own.map(row)}
            </ul>
          ) : (
            <Folder key={folder.id} folder={folder} count={own.length} mark={arranging.mark}>
              {own.map(row)}
            </Folder>
          ),
        )
      ) : (
        <ul className="pk-rows pk-shelf">{shown.map(row)}</ul>
      )}
      {menu.shown === null ? null : <PopupMenu {...menu.shown} />}
      <p className="pk-hidden" aria-live="polite">
        {arranging.spoken}
      </p>
    </div>
  );
}

type Mark = ReturnType<typeof useArranging>["mark"];

const dropMark = (mark: Mark, thing: ShelfThing): { "data-drop"?: string } =>
  mark !== null && mark.key === keyOf(thing) ? { "data-drop": mark.edge } : {};

interface FolderProps {
  folder: NonNullable<ReturnType<typeof arrangedApps>[number]["folder"]>;
  count: number;
  mark: Mark;
  children: ReactNode;
}

function Folder({ folder: { id, name }, count, mark, children }: FolderProps) {
  const { t } = useHost();
  const [isOpen, setOpen] = useRemembered(`library folder ${id}`, true);
  return (
    <section className="pk-folder" aria-label={name}>
      <div {...thingAttributes({ folder: id })} {...dropMark(mark, { folder: id })}>
        <FolderHead folder={id} name={name} count={count} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />
      </div>
      {!isOpen ? null : count === 0 ? (
        <p className="pk-soft pk-folder-empty" {...thingAttributes({ folder: id })} {...dropMark(mark, { folder: id })}>
          {t("Drag apps here")}
        </p>
      ) : (
        <ul className="pk-rows pk-shelf">{children}</ul>
      )}
    </section>
  );
}

/** Those that are looked for, in an order that stays until something else is asked for: nothing jumps. */
function useShown(apps: readonly App[], choice: LibraryChoice): App[] {
  const shelf = useSnapshot()?.shelf;
  const last = useRef<{ key: string; ids: AppId[] }>({ key: "", ids: [] });
  const found = apps.filter((app) => (!choice.favorites || app.marks?.favorite === true) && isFound(app, choice.text));
  if (choice.order === "own") return sortedApps(found, "own", shelf);
  const key = `${choice.order}\n${found
    .map(({ id }) => id)
    .sort()
    .join("\n")}`;
  if (last.current.key !== key) {
    last.current = { key, ids: sortedApps(found, choice.order, shelf).map(({ id }) => id) };
  }
  const byId = new Map(found.map((app) => [app.id, app]));
  return last.current.ids.flatMap((id) => byId.get(id) ?? []);
}

const NO_RUNS: Run[] = [];

function useRunsByApp(): (id: AppId) => readonly Run[] {
  const runs = useRuns();
  const byApp = useMemo(() => {
    const groups = new Map<AppId, Run[]>();
    for (const run of runs) {
      if (run.appId !== null) groups.set(run.appId, [...(groups.get(run.appId) ?? []), run]);
    }
    return groups;
  }, [runs]);
  return (id) => byApp.get(id) ?? NO_RUNS;
}

const MINUTE_MS = 60_000;

/** The time, to the minute. */
function useMinutes(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** While somebody looks, sizes are measured where they may have changed; each comes with its app. */
function useMeasuring(view: RefObject<HTMLElement>): void {
  const { client } = useHost();
  const isSeen = useOnScreen(view);
  const isConnected = useConnection().kind === "connected";
  const ended = useRuns().filter(({ end }) => end !== null).length;
  useEffect(() => {
    if (isSeen && isConnected) client.request("library.disk", {}).catch(() => undefined); // shown without sizes then
  }, [client, isSeen, isConnected, ended]);
}

function nameIn(thing: ShelfThing, apps: readonly App[], items: Parameters<typeof useArranging>[0]): string {
  if ("app" in thing) return apps.find(({ id }) => id === thing.app)?.title ?? thing.app;
  const found = items.find((item) => "folder" in item && item.folder === thing.folder);
  return found !== undefined && "folder" in found ? found.name : "";
}

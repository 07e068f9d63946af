import { isDeepStrictEqual } from "node:util";
import type { AppSettings, AppSettingsChange } from "../protocol/app-settings.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { AppId, JobId } from "../protocol/ids.js";
import type { AppMarks } from "../protocol/shelf.js";
import {
  type ExportedApp,
  type ImportedApp,
  type ImportResult,
  LIBRARY_FILE_VERSION,
  type LibraryFile,
} from "../protocol/library-file.js";
import type { JobChange, Jobs } from "./jobs.js";
import type { MergeOrder, ShelfStore } from "./shelf.js";

type Preset = NonNullable<ExportedApp["presets"]>[number];
type Origin = Pick<ExportedApp, "title" | "origin" | "package" | "commit" | "agreed" | "warnings">;

export interface TransferWorld {
  shelf: ShelfStore;
  jobs: Jobs;
  ids(): readonly AppId[];
  /** Where an installed app came from, and what it stands at. */
  originOf(id: AppId): Promise<Origin>;
  settingsOf(id: AppId): AppSettings;
  changeSettings(id: AppId, change: AppSettingsChange): void;
  presetsOf(id: AppId): readonly Preset[];
  /** Only for an app that is there. */
  keepPreset(id: AppId, preset: Preset): Promise<void>;
  /** Why an app cannot be installed here at all, or null. */
  obstacleTo(app: ExportedApp): PinokioError | null;
  /** Whether its installation was begun here and has not come to its end. */
  isUnfinished(app: ExportedApp): boolean;
  /** Installs it as it was, or goes on with that, and waits for the end of it. */
  install(app: ExportedApp, signal: AbortSignal): Promise<void>;
  now(): Date;
}

/** The whole library out of a home, and into one. */
export interface Transfer {
  exported(): Promise<LibraryFile>;
  preview(file: LibraryFile): Promise<ImportResult>;
  take(file: LibraryFile, how: { install: boolean }): Promise<ImportResult>;
}

export function createTransfer(world: TransferWorld): Transfer {
  const { shelf, jobs } = world;

  const exportedApp = async (id: AppId): Promise<ExportedApp> => {
    const settings = world.settingsOf(id);
    const presets = world.presetsOf(id).map(({ name, at, values }) => ({ name, at, values }));
    return {
      id,
      ...(await world.originOf(id)),
      marks: shelf.marks(id),
      ...(Object.keys(settings).length === 0 ? {} : { settings }),
      ...(presets.length === 0 ? {} : { presets }),
    };
  };

  const fatesOf = (file: LibraryFile): ImportedApp[] => {
    const present = new Set(world.ids());
    const isHere = (app: ExportedApp): boolean => present.has(app.id) && !world.isUnfinished(app);
    return file.apps.map((app) => fateOf(app, isHere(app), () => world.obstacleTo(app)));
  };

  const newSettings = (app: ExportedApp): AppSettingsChange => {
    const ours = world.settingsOf(app.id);
    const theirs = Object.entries(app.settings ?? {}).filter(([field]) => !Object.hasOwn(ours, field));
    return Object.fromEntries(theirs);
  };

  const newPresets = ({ id, presets = [] }: ExportedApp): Preset[] => {
    const ours = new Set(world.presetsOf(id).map(({ name }) => name));
    return presets.filter(({ name }) => !ours.has(name));
  };

  /** Presets of an app that does not come, do not come either. */
  const withNewSettings = (file: LibraryFile, comes: (app: ExportedApp) => boolean): ExportedApp[] =>
    file.apps.filter((app) => Object.keys(newSettings(app)).length > 0 || (comes(app) && newPresets(app).length > 0));

  const comesBy = (fates: readonly ImportedApp[], { install }: { install: boolean }) => {
    const coming = new Set(
      fates.filter(({ fate }) => fate === "here" || (install && fate === "install")).map(({ appId }) => appId),
    );
    return ({ id }: ExportedApp): boolean => coming.has(id);
  };

  const takePresets = async (app: ExportedApp): Promise<void> => {
    for (const preset of newPresets(app)) await world.keepPreset(app.id, preset);
  };

  /** Presets of an app that is yet to come, come after it. */
  const takeSettings = async (file: LibraryFile, how: { install: boolean }): Promise<number> => {
    const present = new Set(world.ids());
    const changed = withNewSettings(file, comesBy(fatesOf(file), how));
    for (const app of changed) {
      const change = newSettings(app);
      if (Object.keys(change).length > 0) world.changeSettings(app.id, change);
      if (present.has(app.id)) await takePresets(app);
    }
    return changed.length;
  };

  const installOne = async (app: ExportedApp, signal: AbortSignal): Promise<void> => {
    await world.install(app, signal);
    await takePresets(app);
  };

  const bring = (apps: readonly ExportedApp[]): JobId =>
    jobs.start({
      kind: "import",
      appId: null,
      title: titleOf(apps),
      work: ({ signal, tell, aside }) =>
        // Each of them is a job of its own, and this one only waits for them.
        aside(installAll(apps, { signal, tell, install: (app) => installOne(app, signal) })),
    }).id;

  return {
    exported: async () => {
      shelf.requireRead(); // a file without notes and folders looks like all there is
      const ids = world.ids();
      const apps = await Promise.all(ids.map(exportedApp));
      const present = new Set<string>(ids);
      const onlyWritten = [...shelf.allMarks()].filter(([id, marks]) => !present.has(id) && isWritten(marks));
      return {
        format: "pinokiocloud-library",
        version: LIBRARY_FILE_VERSION,
        exportedAt: world.now().toISOString(),
        apps: [...apps, ...onlyWritten.map(([id, marks]) => onlyMarks(id, marks))],
        order: shelf
          .now()
          .items.map((item) => ("app" in item ? { app: item.app } : { folder: item.name, apps: item.apps })),
      };
    },
    preview: (file) => {
      const apps = fatesOf(file);
      const settings = withNewSettings(file, comesBy(apps, { install: true })).length;
      const changed = { ...shelf.wouldMerge(mergeOrderOf(file)), settings };
      return Promise.resolve({ apps, changed, jobId: null });
    },
    take: async (file, { install }) => {
      const merged = shelf.merge(mergeOrderOf(file));
      const changed = { ...merged, settings: await takeSettings(file, { install }) };
      const apps = fatesOf(file);
      const wanted = new Set(apps.filter(({ fate }) => fate === "install").map(({ appId }) => appId));
      const bringing = install ? file.apps.filter(({ id }) => wanted.has(id)) : [];
      return { apps, changed, jobId: bringing.length === 0 ? null : bring(bringing) };
    },
  };
}

interface InstallAll {
  signal: AbortSignal;
  tell(change: JobChange): void;
  install(app: ExportedApp): Promise<void>;
}

/** One after the other; one that fails keeps no other from coming. */
async function installAll(apps: readonly ExportedApp[], { signal, tell, install }: InstallAll): Promise<void> {
  const failed: { app: ExportedApp; error: WireError }[] = [];
  for (const [done, app] of apps.entries()) {
    signal.throwIfAborted();
    const title = `Bring back ${nameOf(app)}`;
    tell({ phase: "install", title, progress: { done, total: apps.length, unit: "apps" } });
    try {
      await install(app);
    } catch (error) {
      signal.throwIfAborted();
      failed.push({ app, error: toWireError(error) });
    }
  }
  tell({ title: titleOf(apps), progress: { done: apps.length, total: apps.length, unit: "apps" } });
  if (failed.length === 0) return;
  const which = failed.map(({ app, error }) => `${nameOf(app)}: ${error.message}`).join("; ");
  const count = failed.length === 1 ? "1 app" : `${failed.length} apps`;
  throw new PinokioError("import-incomplete", `${count} of ${apps.length} could not be brought back. ${which}`, {
    hint: failed
      .map(({ app, error }) => wayOn(app, error))
      .filter((way, at, all) => all.indexOf(way) === at)
      .join("; "),
  });
}

/** As it is called, and by what commands take. */
const nameOf = ({ id, title }: ExportedApp): string => (title === id ? id : `${title} (${id})`);

const titleOf = ([first, ...others]: readonly ExportedApp[]): string =>
  first !== undefined && others.length === 0 ? `Bring back ${nameOf(first)}` : `Bring back ${1 + others.length} apps`;

/** What is so however often it is tried. */
const STAYS_SO: ReadonlySet<WireError["code"]> = new Set<WireError["code"]>([
  "source-unsupported",
  "repository-missing",
  "branch-missing",
  "login-needed",
  "agreement-needed",
  "app-invalid",
  "name-unsupported",
]);

const wayOn = (app: ExportedApp, { code, hint }: WireError): string =>
  STAYS_SO.has(code)
    ? `Of ${app.id}: ${hint ?? "bring its folder here and install it by hand; what was written about it is here"}`
    : "Import the file again to go on with what is missing; the others are not touched";

function fateOf(app: ExportedApp, isHere: boolean, obstacle: () => PinokioError | null): ImportedApp {
  const { id, title, origin, commit } = app;
  const known = { appId: id, title, from: origin === null ? null : originText(origin), commit };
  if (isHere) return { ...known, fate: "here", error: null };
  if (origin === null) return { ...known, fate: "written", error: null };
  const error = obstacle();
  return error === null
    ? { ...known, fate: "install", error: null }
    : { ...known, fate: "cannot", error: toWireError(error) };
}

const originText = (origin: NonNullable<ExportedApp["origin"]>): string =>
  origin.kind === "folder" ? origin.folder : origin.repository;

const mergeOrderOf = (file: LibraryFile): MergeOrder => ({
  marks: new Map(file.apps.flatMap(({ id, marks }): [AppId, AppMarks][] => (marks === undefined ? [] : [[id, marks]]))),
  order: file.order,
});

const NOT_WRITTEN: AppMarks = { favorite: false, notes: "", tags: [] };

const isWritten = (marks: AppMarks): boolean => !isDeepStrictEqual(marks, NOT_WRITTEN);

const onlyMarks = (id: AppId, marks: AppMarks): ExportedApp => ({
  id,
  title: id,
  origin: null,
  package: null,
  commit: null,
  agreed: null,
  marks,
});

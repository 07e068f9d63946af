import { isDeepStrictEqual } from "node:util";
import type { AppSettings, AppSettingsChange } from "../protocol/app-settings.js";
import { type PinokioError, toWireError } from "../protocol/errors.js";
import type { AppId, JobId } from "../protocol/ids.js";
import type { AppMarks } from "../protocol/shelf.js";
import type { ExportedApp, ImportedApp, ImportResult, LibraryFile } from "../protocol/library-file.js";
import { LIBRARY_FILE_VERSION } from "../protocol/library-version.js";
import { bringBack, bringTitle, type Piece } from "./bring-back.js";
import type { Jobs } from "./jobs.js";
import type { MergeOrder, ShelfStore } from "./shelf.js";
import type { OthersTransfer } from "./transfer-others.js";

type Preset = NonNullable<ExportedApp["presets"]>[number];
type Values = NonNullable<ExportedApp["values"]>;
type Origin = Pick<ExportedApp, "title" | "origin" | "package" | "commit" | "agreed" | "warnings">;

export interface TransferWorld {
  shelf: ShelfStore;
  jobs: Jobs;
  others: OthersTransfer;
  ids(): readonly AppId[];
  /** Where an installed app came from, and what it stands at. */
  originOf(id: AppId): Promise<Origin>;
  settingsOf(id: AppId): AppSettings;
  changeSettings(id: AppId, change: AppSettingsChange): void;
  presetsOf(id: AppId): readonly Preset[];
  /** Only for an app that is there. */
  keepPreset(id: AppId, preset: Preset): Promise<void>;
  /** What a person has set of its configuration, and names of its secrets. */
  setOf(id: AppId): Promise<{ values: Values; secrets: readonly string[] }>;
  /** How many of these are not set here and would be. Only for an app that is there, as the next. */
  wouldSet(id: AppId, values: Values): Promise<number>;
  /** Resolves with what cannot be set, in sentences. */
  set(id: AppId, values: Values): Promise<string[]>;
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
  const { shelf, jobs, others } = world;

  const exportedApp = async (id: AppId): Promise<ExportedApp> => {
    const settings = world.settingsOf(id);
    const presets = world.presetsOf(id).map(({ name, at, values }) => ({ name, at, values }));
    const { warnings = [], ...origin } = await world.originOf(id);
    const { values, secrets, unread } = await setOrUnread(world, id);
    const lost = [
      ...warnings,
      ...(unread === null ? [] : [`What was set of it is not in the file: ${unread}`]),
      ...(secrets.length === 0 ? [] : [`Its secrets are not in the file: ${secrets.join(", ")}`]),
    ];
    return {
      id,
      ...origin,
      ...(lost.length === 0 ? {} : { warnings: lost }),
      marks: shelf.marks(id),
      ...(Object.keys(settings).length === 0 ? {} : { settings }),
      ...(presets.length === 0 ? {} : { presets }),
      ...(Object.keys(values).length === 0 ? {} : { values }),
      ...(secrets.length === 0 ? {} : { secrets: [...secrets] }),
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

  /** Of an app that does not come, presets and what was set do not come either. */
  const withNewSettings = async (file: LibraryFile, comes: (app: ExportedApp) => boolean): Promise<ExportedApp[]> => {
    const present = new Set(world.ids());
    const isNew = async (app: ExportedApp): Promise<boolean> => {
      if (Object.keys(newSettings(app)).length > 0) return true;
      if (!comes(app)) return false;
      if (newPresets(app).length > 0) return true;
      const { id, values = {} } = app;
      const count = Object.keys(values).length;
      return count > 0 && (!present.has(id) || (await world.wouldSet(id, values).catch(() => 0)) > 0);
    };
    const found = await Promise.all(file.apps.map(isNew));
    return file.apps.filter((_, at) => found[at]);
  };

  const comesBy = (fates: readonly ImportedApp[], { install }: { install: boolean }) => {
    const coming = new Set(
      fates.filter(({ fate }) => fate === "here" || (install && fate === "install")).map(({ appId }) => appId),
    );
    return ({ id }: ExportedApp): boolean => coming.has(id);
  };

  /** Resolves with what cannot be as it was, in sentences. */
  const takeConfiguration = async (app: ExportedApp): Promise<string[]> => {
    for (const preset of newPresets(app)) await world.keepPreset(app.id, preset);
    if (app.values === undefined) return [];
    return world
      .set(app.id, app.values)
      .catch((error: unknown) => [`What was set of it is not as it was: ${toWireError(error).message}`]);
  };

  /** The configuration of an app that is yet to come, comes after it. */
  const takeSettings = async (changed: readonly ExportedApp[]): Promise<string[]> => {
    const present = new Set(world.ids());
    const left: string[] = [];
    for (const app of changed) {
      const change = newSettings(app);
      if (Object.keys(change).length > 0) world.changeSettings(app.id, change);
      if (!present.has(app.id) || world.isUnfinished(app)) continue;
      for (const sentence of await takeConfiguration(app)) left.push(`${nameOf(app)}: ${sentence}`);
    }
    return left;
  };

  /** Secrets that have to be set again, of apps that are here or come. */
  const leftOf = async (file: LibraryFile, comes: (app: ExportedApp) => boolean): Promise<string[]> => {
    const present = new Set(world.ids());
    const left = others.left(file);
    for (const app of file.apps.filter((one) => comes(one) && one.secrets !== undefined)) {
      const here = present.has(app.id) ? (await setOrUnread(world, app.id)).secrets : [];
      const unset = (app.secrets ?? []).filter((name) => !here.includes(name));
      if (unset.length > 0) left.push(`Set again for ${nameOf(app)}: ${unset.join(", ")}`);
    }
    return left;
  };

  const pieceOf = (app: ExportedApp): Piece => ({
    kind: "app",
    name: nameOf(app),
    id: app.id,
    bring: async (signal) => {
      await world.install(app, signal);
      return takeConfiguration(app);
    },
    byHand: "bring its folder here and install it by hand; what was written about it is here",
  });

  const bring = (pieces: readonly Piece[], left: readonly string[]): JobId =>
    jobs.start({
      kind: "import",
      appId: null,
      title: bringTitle(pieces),
      work: ({ signal, tell, aside }) =>
        // Each of them is a job of its own, and this one only waits for them.
        aside(bringBack(pieces, left, { signal, tell })),
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
        ...(await others.exported()),
        apps: [...apps, ...onlyWritten.map(([id, marks]) => onlyMarks(id, marks))],
        order: shelf
          .now()
          .items.map((item) => ("app" in item ? { app: item.app } : { folder: item.name, apps: item.apps })),
      };
    },
    preview: async (file) => {
      const apps = fatesOf(file);
      const comes = comesBy(apps, { install: true });
      const settings = (await withNewSettings(file, comes)).length;
      const changed = { ...shelf.wouldMerge(mergeOrderOf(file)), settings };
      return { apps, others: await others.fates(file), changed, left: await leftOf(file, comes), jobId: null };
    },
    take: async (file, { install }) => {
      const apps = fatesOf(file);
      const comes = comesBy(apps, { install });
      const withSettings = await withNewSettings(file, comes);
      const left = await leftOf(file, comes);
      const changed = { ...shelf.merge(mergeOrderOf(file)), settings: withSettings.length };
      left.push(...(await takeSettings(withSettings)));
      const fates = await others.fates(file);
      const { sources, packages } = others.pieces(file, fates);
      const wanted = new Set(apps.filter(({ fate }) => fate === "install").map(({ appId }) => appId));
      const bringing = file.apps.filter(({ id }) => wanted.has(id)).map(pieceOf);
      const pieces = install ? [...sources, ...bringing, ...packages] : [];
      return { apps, others: fates, changed, left, jobId: pieces.length === 0 ? null : bring(pieces, left) };
    },
  };
}

/** What keeps it from being read keeps nothing else from being exported. */
async function setOrUnread(world: TransferWorld, id: AppId) {
  try {
    return { ...(await world.setOf(id)), unread: null };
  } catch (error) {
    return { values: {}, secrets: [], unread: toWireError(error).message };
  }
}

/** As it is called, and by what commands take. */
const nameOf = ({ id, title }: ExportedApp): string => (title === id ? id : `${title} (${id})`);

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

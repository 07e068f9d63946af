import { AppSettings, type AppSettingsChange, EveryApp, memoryBytesOf } from "../protocol/app-settings.js";
import { AppId } from "../protocol/ids.js";
import { isObject, type Json, readSettings, rewriteSettings, unreadable, versionOf } from "./settings-text.js";

/** What the rest of the code reads of an app; every field decided. */
export interface AppRules {
  /** Null where there is no limit. */
  memoryBytes: number | null;
  /** How much of the disk its folder may take. */
  diskBytes: number | null;
  cpu: number | null;
  nice: number;
  stopGraceMs: number;
  /** How often it may be started again within 10 minutes of failing; null for never. */
  restartMost: number | null;
}

const DEFAULT_RESTARTS = 5;

interface AppSettingsOptions {
  /** `<home>/settings.json`. */
  file: string;
  /** For apps that have no time of their own, and for scripts of no app. */
  stopGraceMs(): number;
  /** Told once of each thing in the file that cannot be used. */
  onProblem(problem: string): void;
}

/** One field of a schema. */
interface Field {
  safeParse(value: unknown): { success: true } | { success: false; error: { issues: readonly { message: string }[] } };
}

/**
 * What a person has decided for single apps, and for every app that has nothing of its own: `apps` and `everyApp` in
 * `settings.json`. Changes by hand hold from the next look on.
 */
export class AppSettingsFile {
  readonly #options: AppSettingsOptions;
  readonly #told = new Set<string>();
  #version = "";
  #apps = new Map<string, AppSettings>();
  #everyApp: EveryApp = {};

  constructor(options: AppSettingsOptions) {
    this.#options = options;
  }

  of(app: AppId | null): AppRules {
    const { memory, disk, cpu, nice, stopGraceSeconds, restart }: AppSettings =
      app === null ? {} : { ...this.everyApp, ...this.written(app) };
    return {
      memoryBytes: memory === undefined ? null : memoryBytesOf(memory),
      diskBytes: disk === undefined ? null : memoryBytesOf(disk),
      cpu: cpu ?? null,
      nice: nice ?? 0,
      stopGraceMs: stopGraceSeconds === undefined ? this.#options.stopGraceMs() : stopGraceSeconds * 1_000,
      restartMost: restart?.onFailure === true ? (restart.most ?? DEFAULT_RESTARTS) : null,
    };
  }

  written(app: AppId): AppSettings {
    this.#look();
    return this.#apps.get(app) ?? {};
  }

  /** Apps of which something is written and can be used. */
  get apps(): readonly [AppId, AppSettings][] {
    this.#look();
    return [...this.#apps].flatMap(([name, written]): [AppId, AppSettings][] => {
      const app = AppId.safeParse(name);
      return app.success && Object.keys(written).length > 0 ? [[app.data, written]] : [];
    });
  }

  /** What holds for an app where nothing is written of it. */
  get everyApp(): EveryApp {
    this.#look();
    return this.#everyApp;
  }

  /** Writes it down; what else stands in the file stays, known or not. */
  change(app: AppId, change: AppSettingsChange): void {
    const { file } = this.#options;
    rewriteSettings(file, (root) => {
      const apps = root["apps"] ?? {};
      if (!isObject(apps)) throw unreadable(file, "apps is not an object");
      const known = apps[app];
      const own: Json = isObject(known) ? { ...known } : {};
      for (const [field, value] of Object.entries(change)) {
        if (value === null) Reflect.deleteProperty(own, field);
        else if (value !== undefined) own[field] = value;
      }
      const { [app]: _, ...others } = apps;
      const next = Object.keys(own).length === 0 ? others : { ...apps, [app]: own };
      const { apps: __, ...rest } = root;
      return Object.keys(next).length === 0 ? rest : { ...root, apps: next };
    });
    this.#version = "";
  }

  #look(): void {
    const { file } = this.#options;
    const version = versionOf(file);
    if (version === this.#version) return;
    try {
      const { apps = {}, everyApp = {} } = readSettings(file);
      if (!isObject(apps)) throw unreadable(file, "apps is not an object");
      this.#everyApp = EveryApp.parse(this.#usable("everyApp", everyApp, EveryApp.shape));
      this.#apps = new Map(
        Object.entries(apps).map(([app, written]) => [
          app,
          AppSettings.parse(this.#usable(`apps.${app}`, written, AppSettings.shape)),
        ]),
      );
    } catch (error) {
      // Somebody may be writing it just now: what held holds on.
      this.#tell(error instanceof Error ? error.message : String(error));
    }
    this.#version = version;
  }

  /** Field by field: one that is wrong takes no other with it. */
  #usable(place: string, written: unknown, fields: Readonly<Record<string, Field>>): Json {
    if (!isObject(written)) {
      this.#tell(`settings.json: ${place} is not an object`);
      return {};
    }
    const usable = Object.entries(written).filter(([name, value]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const checked = field?.safeParse(value);
      if (checked?.success === true) return true;
      const why = checked?.error.issues[0]?.message;
      this.#tell(`settings.json: ${place}.${name} ${why === undefined ? "is not known" : `cannot be used: ${why}`}`);
      return false;
    });
    return Object.fromEntries(usable);
  }

  #tell(problem: string): void {
    if (this.#told.has(problem)) return;
    this.#told.add(problem);
    this.#options.onProblem(problem);
  }
}

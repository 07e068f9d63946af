import { readFileSync, realpathSync, statSync } from "node:fs";
import { writeFileAtomic } from "../base/atomic-file.js";
import { errnoOf } from "../base/file-errors.js";
import { AppSettings, type AppSettingsChange, memoryBytesOf } from "../protocol/app-settings.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";

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

type Json = Record<string, unknown>;

interface AppSettingsOptions {
  /** `<home>/settings.json`. */
  file: string;
  /** For apps that have no time of their own, and for scripts of no app. */
  stopGraceMs: number;
  /** Told once of each thing in the file that cannot be used. */
  onProblem(problem: string): void;
}

/** What a person has decided for single apps: `apps` in `settings.json`. Changes by hand hold from the next look on. */
export class AppSettingsFile {
  readonly #options: AppSettingsOptions;
  readonly #told = new Set<string>();
  #version = "";
  #apps = new Map<string, AppSettings>();

  constructor(options: AppSettingsOptions) {
    this.#options = options;
  }

  of(app: AppId | null): AppRules {
    const { memory, disk, cpu, nice, stopGraceSeconds, restart } = app === null ? {} : this.written(app);
    return {
      memoryBytes: memory === undefined ? null : memoryBytesOf(memory),
      diskBytes: disk === undefined ? null : memoryBytesOf(disk),
      cpu: cpu ?? null,
      nice: nice ?? 0,
      stopGraceMs: stopGraceSeconds === undefined ? this.#options.stopGraceMs : stopGraceSeconds * 1_000,
      restartMost: restart?.onFailure === true ? (restart.most ?? DEFAULT_RESTARTS) : null,
    };
  }

  written(app: AppId): AppSettings {
    this.#look();
    return this.#apps.get(app) ?? {};
  }

  /** Writes it down; what else stands in the file stays, known or not. */
  change(app: AppId, change: AppSettingsChange): void {
    const { file } = this.#options;
    const before = textOf(file);
    const root = before === null ? {} : objectIn(before, file);
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
    const whole = Object.keys(next).length === 0 ? rest : { ...root, apps: next };
    const place = before === null ? { path: file, mode: 0o644 } : placeOf(file);
    writeFileAtomic(place.path, `${JSON.stringify(whole, null, indentOf(before ?? ""))}\n`, place.mode);
    this.#version = "";
  }

  #look(): void {
    const version = versionOf(this.#options.file);
    if (version === this.#version) return;
    try {
      const text = textOf(this.#options.file);
      const { apps = {} } = text === null ? {} : objectIn(text, this.#options.file);
      if (!isObject(apps)) throw unreadable(this.#options.file, "apps is not an object");
      this.#apps = new Map(Object.entries(apps).map(([app, written]) => [app, this.#usable(app, written)]));
    } catch (error) {
      // Somebody may be writing it just now: what held holds on.
      this.#tell(error instanceof Error ? error.message : String(error));
    }
    this.#version = version;
  }

  /** Field by field: one that is wrong takes no other with it. */
  #usable(app: string, written: unknown): AppSettings {
    if (!isObject(written)) {
      this.#tell(`settings.json: apps.${app} is not an object`);
      return {};
    }
    const fields: Record<string, { safeParse(value: unknown): { success: boolean; error?: Error } }> =
      AppSettings.shape;
    const usable = Object.entries(written).filter(([name, value]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const isUsable = field?.safeParse(value).success === true;
      if (!isUsable)
        this.#tell(`settings.json: apps.${app}.${name} ${field === undefined ? "is not known" : "cannot be used"}`);
      return isUsable;
    });
    return AppSettings.parse(Object.fromEntries(usable));
  }

  #tell(problem: string): void {
    if (this.#told.has(problem)) return;
    this.#told.add(problem);
    this.#options.onProblem(problem);
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const unreadable = (file: string, why: string): PinokioError =>
  new PinokioError("state-unreadable", `${file} cannot be read: ${why}`, {
    hint: "Correct it by hand; nothing was changed",
  });

function objectIn(text: string, file: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
  if (!isObject(value)) throw unreadable(file, "it is not an object");
  return value;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
}

/** Another text has another one; looked up instead of reading it each time. */
function versionOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "missing" : `${found.ino} ${found.mtimeMs} ${found.size}`;
}

/** A link stays one, and who may read the file is not changed. */
function placeOf(file: string): { path: string; mode: number } {
  const path = realpathSync(file);
  return { path, mode: statSync(path).mode & 0o777 };
}

const indentOf = (text: string): string => /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";

import { existsSync, lstatSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { writeFileAtomic } from "../base/atomic-file.js";
import { parseEnv, quoteEnvValue, readEnvFile, readEnvText, setInEnvText } from "../base/env-file.js";
import { makeFolder } from "../base/make-folder.js";
import { readSecrets, secretPaths } from "../base/secret-store.js";
import { PinokioError } from "../protocol/errors.js";

type Variables = Record<string, string>;
type Defaults = readonly (readonly [name: string, value: string])[];

const CACHES = [
  "HOMEBREW_CACHE",
  "XDG_CACHE_HOME",
  "PIP_CACHE_DIR",
  "UV_CACHE_DIR",
  "PIP_TMPDIR",
  "TMPDIR",
  "TEMP",
  "TMP",
  "XDG_DATA_HOME",
  "XDG_CONFIG_HOME",
  "XDG_STATE_HOME",
];

/** What a new home's file says. */
const HOME_DEFAULTS: Defaults = [
  ...CACHES.map((name) => [name, `./cache/${name}`] as const),
  ["PIP_CONFIG_FILE", "./pipconfig"],
  ["CONDARC", "./condarc"],
  ["PS1", "<<PINOKIO_SHELL>> "],
  ["GRADIO_ANALYTICS_ENABLED", "False"],
  ["GRADIO_ALLOWED_PATHS", "./"],
  ["PINOKIO_SHARE_VAR", "url"],
  ["PINOKIO_DRIVE", "./drive"],
  ["GRADIO_TEMP_DIR", "./cache/GRADIO_TEMP_DIR"],
  ["HF_HOME", "./cache/HF_HOME"],
  ["TORCH_HOME", "./cache/TORCH_HOME"],
  ["PINOKIO_SHARE_CLOUDFLARE", "false"],
  ["PINOKIO_SHARE_LOCAL", "false"],
  ["PINOKIO_SHARE_LOCAL_PORT", ""],
  ["PINOKIO_SCRIPT_DEFAULT", "true"],
];

/** What a new app's file says after its template. */
const APP_DEFAULTS: Defaults = [
  ["GRADIO_TEMP_DIR", "./cache/GRADIO_TEMP_DIR"],
  ["HF_HOME", "./cache/HF_HOME"],
  ["TORCH_HOME", "./cache/TORCH_HOME"],
  ["PINOKIO_SHARE_CLOUDFLARE", "false"],
  ["PINOKIO_SHARE_LOCAL", "false"],
  ["PINOKIO_SHARE_LOCAL_PORT", ""],
  ["PINOKIO_SHARE_PASSCODE", ""],
  ["PINOKIO_SCRIPT_DEFAULT", "true"],
  ["PINOKIO_SCRIPT_AUTOLAUNCH", ""],
  ["PINOKIO_SCRIPT_REQUIRES", ""],
];

const APP_NAMES = new Set(APP_DEFAULTS.map(([name]) => name));
const HOME_ONLY = new Set(HOME_DEFAULTS.map(([name]) => name).filter((name) => !APP_NAMES.has(name)));

/** Temporary files and package caches stay in the home, whatever its file says. */
const FORCED = ["TMPDIR", "TEMP", "TMP", "PIP_TMPDIR", "UV_CACHE_DIR", "PIP_CACHE_DIR"];

/** People and scripts keep their keys there. */
const ONLY_OURS = 0o600;

/** These name files, not folders to make. */
const NAMES_OF_FILES = new Set(["PIP_CONFIG_FILE", "CONDARC", "HF_TOKEN_PATH"]);

interface ReadFiles {
  version: string;
  files: Variables[];
  keptApart: Variables;
}

/** The ENVIRONMENT files of a home and of one app, read again when they have changed. */
export class EnvironmentFiles {
  readonly #home: string;
  readonly #app: string | null;
  /** Of the home's secrets, those that the app asks for. */
  readonly #secrets: readonly string[];
  #read: ReadFiles | null = null;

  /** `app` is the app's folder, or null for a script that belongs to none. */
  constructor(home: string, app: string | null, secrets: readonly string[] = []) {
    this.#home = home;
    this.#app = app;
    this.#secrets = secrets;
  }

  get #homeFile(): string {
    return join(this.#home, "ENVIRONMENT");
  }

  /** In the launcher's own folder when the app has one. */
  get #appFile(): string | null {
    if (this.#app === null) return null;
    const folder = join(this.#app, "pinokio");
    return join(isFolder(folder) ? folder : this.#app, "ENVIRONMENT");
  }

  /** Makes the files that are missing, so that a person and `env.set` find them. A disk that takes nothing is no error. */
  create(): void {
    if (!existsSync(this.#homeFile)) writeIfPossible(this.#homeFile, textOf(HOME_DEFAULTS));
    const file = this.#appFile;
    if (this.#app === null || file === null || existsSync(file)) return;
    writeIfPossible(file, this.usualText());
  }

  /** Below the app's folder. */
  get appFileName(): string {
    return this.#app === null ? "" : relative(this.#app, this.#appFile ?? "");
  }

  /** The app's file below its folder, where it says what a new one would: nothing of a person's or a script's. */
  get untouchedName(): string | null {
    const file = this.#appFile;
    if (file === null || lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return null;
    try {
      return readEnvText(file) === this.usualText() ? this.appFileName : null;
    } catch {
      return null; // not ours to look at
    }
  }

  /** What a new app's file says. */
  usualText(): string {
    const template = readEnvText(`${(this.#appFile ?? "").slice(0, -"ENVIRONMENT".length)}_ENVIRONMENT`);
    return newAppText(template, this.#homeText());
  }

  /** Of a home that is somebody else's, what is usual is in force. */
  #homeText(): string {
    try {
      return readEnvText(this.#homeFile) ?? "";
    } catch {
      return "";
    }
  }

  /** What changes when a file does. */
  get version(): string {
    return [this.#homeFile, ...this.#secretFiles, this.#appFile]
      .map((file) => (file === null ? "" : versionOf(file)))
      .join();
  }

  /** The home's variables, then the app's with the secrets that are kept apart; later ones win. */
  get files(): readonly Variables[] {
    return this.#now().files;
  }

  /** Of what `files` holds, what is kept as a secret, whatever it is called. */
  get keptApart(): Readonly<Variables> {
    return this.#now().keptApart;
  }

  #now(): ReadFiles {
    const { version } = this;
    if (this.#read?.version === version) return this.#read;
    const keptApart = this.#keptApart();
    this.#read = { version, files: [this.#ofHome(), ...this.#ofApp(keptApart)], keptApart };
    return this.#read;
  }

  /** Changes lines of the app's file. */
  set(values: Readonly<Record<string, string>>): void {
    const file = this.#appFile;
    if (file === null) {
      throw new PinokioError(
        "step-failed",
        "This script belongs to no app, so there is no ENVIRONMENT file to change",
        {
          hint: "Put the script below the home's api folder",
        },
      );
    }
    writeFileAtomic(file, setInEnvText(readEnvText(file) ?? "", values), ONLY_OURS);
    this.#read = null;
  }

  get #secretFiles(): string[] {
    if (this.#app === null) return [];
    return [secretPaths.shared(this.#home), secretPaths.of(this.#home, basename(this.#app))];
  }

  #keptApart(): Variables {
    const [shared, own] = this.#secretFiles;
    if (shared === undefined || own === undefined) return {};
    const asked = Object.entries(secretsIn(shared)).filter(([name]) => this.#secrets.includes(name));
    return { ...Object.fromEntries(asked), ...secretsIn(own) };
  }

  #ofHome(): Variables {
    const isThere = existsSync(this.#homeFile);
    const values = isThere ? readEnvFile(this.#homeFile, this.#home) : resolved(HOME_DEFAULTS, this.#home);
    for (const name of FORCED) values[name] = join(this.#home, "cache", name);
    makeFoldersOf(values, (path) => path.startsWith(`${this.#home}/`));
    return values;
  }

  #ofApp(keptApart: Variables): Variables[] {
    const file = this.#appFile;
    if (this.#app === null || file === null) return [];
    const values = readEnvFile(file, this.#app);
    makeFoldersOf(values, () => true);
    // What a script has written into the file is newer than what was set elsewhere.
    return [{ ...keptApart, ...values }];
  }
}

/** A run goes on without those that cannot be read: what needs one says so. */
function secretsIn(file: string): Variables {
  try {
    return readSecrets(file);
  } catch {
    return {};
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function versionOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.ino}:${found.mtimeMs}:${found.size}`;
}

const textOf = (defaults: Defaults): string =>
  defaults.map(([name, value]) => `${name}=${quoteEnvValue(value)}\n`).join("");

function resolved(defaults: Defaults, root: string): Variables {
  const given = defaults.filter(([, value]) => value !== "");
  return Object.fromEntries(given.map(([name, value]) => [name, value.startsWith("./") ? join(root, value) : value]));
}

/** The template first; then what is usual, as the home has it; then what the home adds of its own. */
function newAppText(template: string | null, homeText: string): string {
  const own = parseEnv(template ?? "");
  const ofHome = parseEnv(homeText);
  const usual = APP_DEFAULTS.map(([name, value]) => [name, ofHome[name] || value] as const);
  const more = Object.entries(ofHome).filter(([name]) => !APP_NAMES.has(name) && !HOME_ONLY.has(name));
  const added = [...usual, ...more].filter(([name]) => !Object.hasOwn(own, name));
  const head = template === null || template.trim() === "" ? "" : `${template.trimEnd()}\n\n`;
  return head + textOf(added);
}

function makeFoldersOf(values: Variables, isOurs: (path: string) => boolean): void {
  for (const [name, value] of Object.entries(values)) {
    if (NAMES_OF_FILES.has(name) || !isAbsolute(value) || !isOurs(value)) continue;
    try {
      makeFolder(value.replace(/\/+$/, "") || "/");
    } catch {
      // it is a file, or the disk takes nothing: whoever needs the folder says so
    }
  }
}

function writeIfPossible(file: string, text: string): void {
  try {
    writeFileAtomic(file, text, ONLY_OURS);
  } catch {
    // read-only or full: what is usual is in force all the same
  }
}

import * as z from "zod";
import { resolveSettings, type Settings, SettingsSpec } from "./settings.js";
import { readSettings, versionOf } from "./settings-text.js";

interface SettingsFileOptions {
  /** `<home>/settings.json`. */
  file: string;
  env: Readonly<Record<string, string | undefined>>;
  /** What was read of it at the start. */
  first: SettingsSpec;
  /** Told of what keeps it from being used. */
  onProblem(problem: string): void;
}

/** What is set for everything. Changes hold from the next look on, also those by hand. */
export class SettingsFile {
  readonly #options: SettingsFileOptions;
  #version: string;
  #now: Settings;

  constructor(options: SettingsFileOptions) {
    this.#options = options;
    this.#version = versionOf(options.file);
    this.#now = resolveSettings(options.first, options.env);
  }

  get now(): Settings {
    const { file, env, onProblem } = this.#options;
    const version = versionOf(file);
    if (version === this.#version) return this.#now;
    this.#version = version;
    try {
      this.#now = resolveSettings(SettingsSpec.parse(readSettings(file)), env);
    } catch (error) {
      // Somebody may be writing it just now: what held holds on.
      onProblem(wordsOf(error));
    }
    return this.#now;
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : String(error);
  const refused = error.issues.map(({ path, message }) => `${path.join(".")} cannot be used: ${message}`);
  return `settings.json: ${refused.join("; ")}`;
}

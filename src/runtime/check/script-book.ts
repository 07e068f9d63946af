import { posix } from "node:path";
import { PinokioError } from "../protocol/errors.js";
import { isObject, type Script } from "../script/script.js";
import type { AppLoader } from "./app-loader.js";
import { MadeFiles } from "./made-files.js";
import { ScriptRecord } from "./script-record.js";

/** The scripts of an app, each loaded once. */
export class ScriptBook {
  readonly records = new Map<string, ScriptRecord>();
  readonly made = new MadeFiles();
  readonly #loader: AppLoader;

  constructor(loader: AppLoader) {
    this.#loader = loader;
  }

  /** Loads a file that may be a script; why it cannot be is kept. */
  async open(path: string): Promise<ScriptRecord> {
    const known = this.records.get(path);
    if (known !== undefined) return known;
    const record = new ScriptRecord(path);
    this.records.set(path, record);
    return this.#settle(record, async () => {
      const script = await this.#loader.script(path);
      if (typeof script.value["run"] === "function") record.unmade = script;
      else if ("run" in script.value) await this.#takeSteps(record, script);
      else this.#noteLists(record, script.value);
    });
  }

  /** As `open`, for a file that something names as a script: a list that it makes itself is asked for. */
  async openScript(path: string): Promise<ScriptRecord> {
    const record = await this.open(path);
    const { unmade } = record;
    if (unmade !== null) {
      record.unmade = null;
      await this.#settle(record, () => this.#takeSteps(record, unmade));
    }
    if (record.script === null) record.problem = record.failure ?? noSteps(path);
    return record;
  }

  /** The first of these names that is there, where launchers lie. */
  firstOf(names: readonly string[]): string | null {
    const places = [this.#loader.launcherRoot, "pinokio", ""];
    const paths = places.flatMap((root) => names.map((name) => posix.join(root, name)));
    return paths.find((path) => this.records.has(path)) ?? null;
  }

  async #settle(record: ScriptRecord, work: () => Promise<void>): Promise<ScriptRecord> {
    try {
      await work();
    } catch (error) {
      record.failure = error;
      if (this.#looksLikeScript(record.path)) record.problem = error;
    }
    return record;
  }

  async #takeSteps(record: ScriptRecord, script: Script): Promise<void> {
    record.steps = await this.#loader.steps(script, "run");
    record.script = script;
    for (const step of record.steps) if (step !== null) this.made.add(record.folder, step);
  }

  /** Settings, or a module that scripts share; lists of another name than `run` still say what they make. */
  #noteLists(record: ScriptRecord, value: Record<string, unknown>): void {
    for (const list of Object.values(value)) {
      if (!Array.isArray(list)) continue;
      for (const step of list as unknown[]) if (isObject(step) && "method" in step) this.made.add(record.folder, step);
    }
  }

  #looksLikeScript(path: string): boolean {
    const text = this.#loader.text(path);
    return /\brun\b/.test(text) && /\bmethod\b/.test(text);
  }
}

const noSteps = (path: string): PinokioError =>
  new PinokioError("script-invalid", `${path} has no list of steps named "run"`, { context: { file: path } });

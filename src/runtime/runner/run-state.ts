import { existsSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeJsonAtomic } from "../base/atomic-file.js";
import { errnoOf } from "../base/file-errors.js";
import { makeLastFolder } from "../base/make-folder.js";
import { maskSecrets } from "../base/mask-secrets.js";
import { toPlainData, toPlainRecord } from "../base/plain-data.js";
import type { RunRecord } from "../protocol/channel.js";
import type { WireError } from "../protocol/errors.js";
import { cutText } from "../protocol/launcher.js";
import { RUN } from "../protocol/limits.js";
import { checkMove, type Outcome, type Run, type RunState } from "../protocol/runs.js";

const WRITE_WITHIN_MS = 100;
/** How much it has printed is told to who watches in another way, and the output itself says it. */
const SIZE_WITHIN_MS = 2_000;

export interface RunStateOptions {
  record: RunRecord;
  /** Path of `run.json`. */
  file: string;
  /** The script's local memory, as it is at the moment. */
  local(): unknown;
  /** The same of its global memory. */
  global?(): unknown;
  onChanged(): void;
  /** Masks a text before it is cut to the length that is told. */
  hide?(text: string): string;
  /** What others see of the script has changed; called before `onChanged`. */
  onShared?(global: Record<string, unknown>, value: unknown): void;
}

/** What is known about the run, in memory and in `run.json`, which lags a tenth of a second, or two with the size of the output. */
export class RunStateKeeper {
  readonly #options: RunStateOptions;
  #record: RunRecord;
  #timer: NodeJS.Timeout | null = null;
  #due = 0;
  #memoryChanged = false;
  /** More has changed than how much it has printed. */
  #isNews = false;
  #sharedText: string;
  readonly #hide: (text: string) => string;

  constructor(options: RunStateOptions) {
    this.#options = options;
    this.#record = options.record;
    this.#hide = (text) => (options.hide ?? maskSecrets)(text);
    this.#sharedText = JSON.stringify({ global: options.record.global ?? {} });
  }

  get record(): RunRecord {
    return this.#record;
  }

  get run(): Run {
    return this.#record.run;
  }

  /** Something that may be told with the next change. */
  update(
    change: Partial<
      Pick<
        Run,
        | "step"
        | "shells"
        | "terminal"
        | "outputBytes"
        | "daemon"
        | "ending"
        | "questions"
        | "shown"
        | "overMemory"
        | "failedStep"
      >
    >,
  ): void {
    this.#change(change);
    const isSize = Object.keys(change).every((key) => key === "outputBytes");
    this.#isNews ||= !isSize;
    this.#later(isSize ? SIZE_WITHIN_MS : WRITE_WITHIN_MS);
  }

  memoryChanged(): void {
    this.#memoryChanged = true;
    this.#isNews = true;
    this.#later(WRITE_WITHIN_MS);
  }

  /** What the last step gave, for whoever started the script. Told with the next move. */
  setValue(value: unknown): void {
    this.#record = { ...this.#record, value: toPlainData(value) };
    this.#memoryChanged = true;
  }

  /** Returns false for one that is known already. */
  warn(said: string): boolean {
    const { warnings } = this.run;
    const message = cutText(this.#hide(said), RUN.warning);
    if (warnings.includes(message) || warnings.length >= RUN.warnings) return false;
    this.#change({ warnings: [...warnings, message] });
    this.#isNews = true;
    this.#later(WRITE_WITHIN_MS);
    return true;
  }

  /** Told and written at once. A move that cannot be names both ends. */
  moveTo(state: Exclude<RunState, "ended">): void {
    this.#move(state, {});
    this.publish();
  }

  /** Returns false when `run.json` could not be written. */
  end(outcome: Outcome, error: WireError | null): boolean {
    this.#move("ended", {
      end: { outcome, error: error === null ? null : cutError(error, this.#hide), at: new Date().toISOString() },
      step: null,
      shells: 0,
      questions: [],
      ...(this.run.shown === undefined ? {} : { shown: { loading: null, windows: [] } }),
    });
    return this.publish();
  }

  /** Tells watchers and writes `run.json` so that it outlives a power cut. Throws nothing: a full disk ends no run. */
  publish(): boolean {
    this.#settle();
    try {
      makeLastFolder(dirname(this.#options.file), 0o700);
      writeJsonAtomic(this.#options.file, this.#record, 0o600);
      return true;
    } catch (error) {
      process.stderr.write(`${this.#options.file} was not written: ${String(error)}\n`);
      return false;
    } finally {
      this.#isNews = false;
      this.#options.onChanged();
    }
  }

  /** Whoever comes next finds the run by its file, so one that somebody has removed is written again. */
  stayFindable(): void {
    if (!existsSync(this.#options.file)) this.publish();
  }

  #later(withinMs: number): void {
    const due = performance.now() + withinMs;
    if (this.#timer !== null && this.#due <= due) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#settle();
      this.#writeQuickly();
      if (!this.#isNews) return;
      this.#isNews = false;
      this.#options.onChanged();
    }, withinMs);
  }

  #settle(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#memoryChanged) return;
    this.#memoryChanged = false;
    this.#change({ local: toPlainRecord(this.#options.local()) });
    const global = toPlainRecord(this.#options.global?.());
    const { value } = this.#record;
    const sharedText = JSON.stringify({ global, value });
    if (sharedText === this.#sharedText) return;
    this.#sharedText = sharedText;
    this.#record = { ...this.#record, global };
    this.#options.onShared?.(global, value);
  }

  // Steps may be many a second, so these writes do not wait for the disk; the file is whole at any moment all the same.
  #writeQuickly(): void {
    const temporary = `${this.#options.file}.next`;
    try {
      writeFileSync(temporary, JSON.stringify(this.#record, null, 2) + "\n", { mode: 0o600 });
      renameSync(temporary, this.#options.file);
    } catch (error) {
      // Without its folder there is nothing to find the run by; else the next state move tries again and says why.
      if (errnoOf(error) === "ENOENT") this.publish();
    }
  }

  #move(state: RunState, change: Partial<Run>): void {
    checkMove(this.run.state, state);
    this.#change({ ...change, state });
  }

  #change(change: Partial<Run>): void {
    this.#record = { ...this.#record, run: { ...this.run, ...change } };
  }
}

function cutError({ code, message, hint, context }: WireError, hide: (text: string) => string): WireError {
  const shown = (text: string, most: number): string => cutText(hide(text), most);
  const places = Object.entries(context ?? {}).map(([key, text]) => [key, shown(text, RUN.errorContext)] as const);
  return {
    code,
    message: shown(message, RUN.errorMessage),
    ...(hint === undefined ? {} : { hint: shown(hint, RUN.errorHint) }),
    ...(context === undefined ? {} : { context: Object.fromEntries(places) }),
  };
}

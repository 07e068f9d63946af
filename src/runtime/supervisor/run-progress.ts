import { maskData } from "../base/mask-data.js";
import { readProgress } from "../base/read-progress.js";
import { readShownEnd } from "../base/shown-output.js";
import type { RunId } from "../protocol/ids.js";
import type { Progress } from "../protocol/progress.js";
import { isLive, type Run } from "../protocol/runs.js";

/** Some states of several bars. */
const END_BYTES = 8 * 1024;
/** What a bar is about may be said once, before hundreds of its states. */
const BEFORE_BYTES = 1024 * 1024;
const LINE_BYTES = 1024;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const ESCAPE = 0x1b;

export interface ProgressOptions {
  outputFile(id: RunId): string;
  /** What must not be shown. */
  secretsOf(run: Run): readonly Buffer[];
  /** Whether anybody would see it. */
  isWatched(): boolean;
}

/** The progress bars that programs of runs draw, read from the last they printed when somebody looks. */
export class RunProgress {
  readonly #options: ProgressOptions;
  readonly #known = new Map<RunId, { at: number; progress: Progress | null }>();

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  of(run: Run): Progress | null {
    if (!isLive(run)) {
      this.#known.delete(run.id);
      return null;
    }
    const known = this.#known.get(run.id);
    if (known?.at === run.outputBytes || !this.#options.isWatched()) return known?.progress ?? null;
    const progress = this.#read(run, known?.progress ?? null);
    this.#known.set(run.id, { at: run.outputBytes, progress });
    return progress;
  }

  #read(run: Run, before: Progress | null): Progress | null {
    const { bytes, start } = this.#readEnd(run, END_BYTES);
    // Begun in the middle, half a line would be read as a whole one.
    const from = start === 0 ? 0 : 1 + bytes.findIndex((byte) => byte === LINE_FEED || byte === CARRIAGE_RETURN);
    const whole = bytes.subarray(from);
    if (!isDrawnAnew(whole)) return null;
    const progress = this.#readFrom(run, whole);
    if (progress === null || progress.label !== "" || start === 0) return progress;
    return before === null
      ? this.#readFrom(run, this.#withLineBefore(run, whole))
      : { ...progress, label: before.label };
  }

  #readFrom(run: Run, bytes: Buffer): Progress | null {
    // Colours in the middle of a secret are gone only now.
    return maskData(readProgress(bytes.toString("utf8")), this.#options.secretsOf(run));
  }

  #readEnd(run: Run, mostBytes: number): { bytes: Buffer; start: number } {
    return readShownEnd(this.#options.outputFile(run.id), mostBytes, () => this.#options.secretsOf(run));
  }

  #withLineBefore(run: Run, end: Buffer): Buffer {
    const { bytes } = this.#readEnd(run, BEFORE_BYTES);
    const lineEnd = bytes.subarray(0, bytes.length - end.length).lastIndexOf(LINE_FEED) + 1;
    return Buffer.concat([bytes.subarray(Math.max(0, lineEnd - LINE_BYTES), lineEnd), Buffer.from("\r"), end]);
  }
}

/** Whether anything is written over what stands there: most output never is. */
function isDrawnAnew(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(CARRIAGE_RETURN); at >= 0; at = bytes.indexOf(CARRIAGE_RETURN, at + 1)) {
    if (at + 1 < bytes.length && bytes[at + 1] !== LINE_FEED) return true;
  }
  return bytes.includes(ESCAPE);
}

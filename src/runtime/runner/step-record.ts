import { maskCutOff } from "../base/mask-secrets.js";
import type { RunStep, RunSteps } from "../protocol/steps.js";
import { fewWords } from "./few-words.js";

/** As many as anybody scrolls through; a loop may make thousands. */
const KEPT_STEPS = 200;

/** A step while it is kept. A loop makes thousands a second, so the oldest one becomes the newest. */
interface Kept {
  place: number;
  index: number;
  method: string;
  what: string;
  state: RunStep["state"];
  /** It was running when the run was asked to stop: however it ends now, that is why. */
  isStopped: boolean;
  why: string | null;
  startedMs: number;
  endedMs: number | null;
  from: number;
  to: number | null;
  /** The version that changed it last. */
  changed: number;
}

/** The steps a run came to, the newest of them, for whoever looks. */
export class StepRecord {
  /** How much the run has printed. */
  readonly #printed: () => number;
  readonly #hide: (text: string) => string;
  readonly #kept: Kept[] = [];
  #version = 0;
  #count = 0;
  #total = 0;

  /** `hide` masks a text that may have been cut off. */
  constructor(printed: () => number, hide: (text: string) => string = maskCutOff) {
    this.#printed = printed;
    this.#hide = hide;
  }

  begin({ index, total, method, params }: { index: number; total: number; method: string; params: unknown }): void {
    this.#add(index, total, method, fewWords(params));
  }

  skip({ index, total, method, when }: { index: number; total: number; method: string; when: unknown }): void {
    this.#close(this.#add(index, total, method, ""), "skipped", fewWords(when));
  }

  /** With a failure when the step failed; the script may go on all the same. */
  finish(index: number, failure?: string): void {
    // The newest one of that index: a list that was triggered may run beside another.
    const found = this.#kept.findLast((kept) => kept.state === "running" && kept.index === index);
    if (found === undefined) return;
    if (found.isStopped) this.#close(found, "stopped", null);
    else this.#close(found, failure === undefined ? "done" : "failed", failure ?? null);
  }

  /** The run was asked to stop: what runs now is ended, and not because it has come to its end. */
  stopping(): void {
    for (const kept of this.#kept) kept.isStopped = kept.state === "running";
  }

  /** The run is over: what still ran was stopped with it. */
  stop(): void {
    for (const kept of this.#kept) if (kept.state === "running") this.#close(kept, "stopped", null);
  }

  since(version: number): RunSteps {
    return {
      version: this.#version,
      total: this.#total,
      count: this.#count,
      steps: this.#kept.filter(({ changed }) => changed > version).map((kept) => asTold(kept, this.#hide)),
    };
  }

  #add(index: number, total: number, method: string, what: string): Kept {
    this.#total = Math.max(this.#total, total);
    const kept = (this.#kept.length < KEPT_STEPS ? undefined : this.#kept.shift()) ?? unused();
    kept.place = this.#count++;
    kept.index = index;
    kept.method = method;
    kept.what = what;
    kept.state = "running";
    kept.isStopped = false;
    kept.why = null;
    kept.startedMs = Date.now();
    kept.endedMs = null;
    kept.from = this.#printed();
    kept.to = null;
    kept.changed = ++this.#version;
    this.#kept.push(kept);
    return kept;
  }

  #close(kept: Kept, state: RunStep["state"], why: string | null): void {
    kept.state = state;
    kept.why = why;
    kept.endedMs = Date.now();
    kept.to = this.#printed();
    kept.changed = ++this.#version;
  }
}

const unused = (): Kept => ({
  place: 0,
  index: 0,
  method: "",
  what: "",
  state: "running",
  isStopped: false,
  why: null,
  startedMs: 0,
  endedMs: null,
  from: 0,
  to: null,
  changed: 0,
});

/** The dots say that something was left out, maybe of a secret. */
const hidden = (text: string, hide: (text: string) => string): string =>
  text.endsWith("…") ? `${hide(text.slice(0, -1))}…` : hide(text);

const asTold = (kept: Kept, hide: (text: string) => string): RunStep => ({
  place: kept.place,
  index: kept.index,
  method: kept.method,
  what: hidden(kept.what, hide),
  state: kept.state,
  why: kept.why === null ? null : hidden(kept.why, hide),
  startedAt: new Date(kept.startedMs).toISOString(),
  endedAt: kept.endedMs === null ? null : new Date(kept.endedMs).toISOString(),
  output: { from: kept.from, to: kept.to },
});

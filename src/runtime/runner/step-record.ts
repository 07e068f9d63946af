import { maskSecrets } from "../base/mask-secrets.js";
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
  readonly #kept: Kept[] = [];
  #version = 0;
  #count = 0;
  #total = 0;

  constructor(printed: () => number) {
    this.#printed = printed;
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
    this.#close(found, failure === undefined ? "done" : "failed", failure ?? null);
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
      steps: this.#kept.filter(({ changed }) => changed > version).map(asTold),
    };
  }

  #add(index: number, total: number, method: string, what: string): Kept {
    this.#total = Math.max(this.#total, total);
    const kept = (this.#kept.length < KEPT_STEPS ? undefined : this.#kept.shift()) ?? unused();
    kept.place = this.#count++;
    kept.index = index;
    kept.method = method;
    kept.what = maskSecrets(what);
    kept.state = "running";
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
    kept.why = why === null ? null : maskSecrets(why);
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
  why: null,
  startedMs: 0,
  endedMs: null,
  from: 0,
  to: null,
  changed: 0,
});

const asTold = ({ place, index, method, what, state, why, startedMs, endedMs, from, to }: Kept): RunStep => ({
  place,
  index,
  method,
  what,
  state,
  why,
  startedAt: new Date(startedMs).toISOString(),
  endedAt: endedMs === null ? null : new Date(endedMs).toISOString(),
  output: { from, to },
});

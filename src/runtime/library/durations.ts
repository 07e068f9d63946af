import * as z from "zod";
import { StateFile } from "../base/state-file.js";
import type { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";

const VERSION = 1;

const Lengths = z.array(z.number().nonnegative());

const DurationsFile = z.object({
  version: z.literal(VERSION),
  /** By script, such as `comfyui/install.js`; the one that was noted last is the last. */
  scripts: z
    .record(
      z.string(),
      z.object({ whole: Lengths, steps: z.record(z.string(), z.object({ method: z.string(), ms: Lengths })) }),
    )
    .default({}),
});
type DurationsFile = z.infer<typeof DurationsFile>;

/** How long scripts and their steps have taken on this machine. */
export interface DurationsStore {
  /** `wholeMs` is null where the run says nothing about the next one, as when it failed. */
  note(script: string, wholeMs: number | null, steps: readonly StepLength[]): void;
  /** Of all scripts of an app. */
  forget(app: AppId): void;
  /** What is to be expected of the next run, or null. */
  wholeMs(script: string): number | null;
  stepMs(script: string, step: Omit<StepLength, "ms">): number | null;
  /** Of the steps from this one on. */
  restMs(script: string, index: number): number | null;
}

export interface StepLength {
  index: number;
  method: string;
  ms: number;
}

export interface DurationsOptions {
  /** `library/durations.json`. */
  file: string;
  mayWrite: boolean;
  onProblem(problem: PinokioError): void;
}

/** The first run fetches what later ones find, so the latest few count, and of those the middle one. */
const KEPT = 5;
const MOST_SCRIPTS = 300;
/** Nobody waits for what takes less. */
const LEAST_MS = 2_000;

export function openDurations({ file, mayWrite, onProblem }: DurationsOptions): DurationsStore {
  const empty: DurationsFile = { version: VERSION, scripts: {} };
  const state = new StateFile({ path: file, version: VERSION, schema: DurationsFile, empty, mayWrite, onProblem });
  const stepsOf = (script: string) => state.value.scripts[script]?.steps ?? {};
  return {
    note: (script, wholeMs, steps) => {
      const long = steps.filter(({ ms }) => ms >= LEAST_MS);
      const whole = wholeMs !== null && wholeMs >= LEAST_MS ? [wholeMs] : [];
      if (long.length + whole.length === 0) return;
      state.change(({ scripts: { [script]: before, ...others }, ...rest }) => {
        const known = { ...before?.steps };
        for (const { index, method, ms } of long) {
          const same = known[index]?.method === method ? known[index].ms : [];
          known[index] = { method, ms: [...same, Math.round(ms)].slice(-KEPT) };
        }
        const now = { whole: [...(before?.whole ?? []), ...whole.map(Math.round)].slice(-KEPT), steps: known };
        return {
          ...rest,
          scripts: Object.fromEntries([...Object.entries(others).slice(1 - MOST_SCRIPTS), [script, now]]),
        };
      });
    },
    forget: (app) => {
      state.change(({ scripts, ...rest }) => ({
        ...rest,
        scripts: Object.fromEntries(Object.entries(scripts).filter(([script]) => !script.startsWith(`${app}/`))),
      }));
    },
    wholeMs: (script) => middleOf(state.value.scripts[script]?.whole),
    stepMs: (script, { index, method }) => {
      const known = stepsOf(script)[index];
      return known?.method === method ? middleOf(known.ms) : null;
    },
    restMs: (script, index) => {
      const rest = Object.entries(stepsOf(script)).flatMap(([at, { ms }]) =>
        Number(at) >= index ? (middleOf(ms) ?? []) : [],
      );
      return rest.length === 0 ? null : rest.reduce((sum, ms) => sum + ms, 0);
    },
  };
}

function middleOf(lengths: readonly number[] | undefined): number | null {
  const sorted = [...(lengths ?? [])].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

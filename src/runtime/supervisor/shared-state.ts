import { rmSync } from "node:fs";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import type { RunRecord } from "../protocol/channel.js";
import { isLive, type Run } from "../protocol/runs.js";
import type { SharedScript } from "../protocol/shared.js";

const Journal = z.object({
  /** When everything was last ended; what scripts kept before that is forgotten. */
  since: z.string(),
  globals: z.record(z.string(), z.record(z.string(), z.unknown())),
});

export interface SharedStateOptions {
  /** Where global memory is kept while no sidecar is there. */
  journal: string;
  now(): Date;
  onProblem(error: unknown): void;
}

/** What scripts know of one another, by absolute path. */
export interface SharedState {
  readonly scripts: Record<string, SharedScript>;
  /** Returns what is to be told to others, or null when nothing changed. */
  note(file: string, run: Run): SharedScript | null;
  noteGlobal(file: string, global: Record<string, unknown>): void;
  /** A run that was found again; older ones come first. */
  recall(file: string, record: RunRecord): void;
  /** Global memory ends with everything else. */
  forget(): void;
  close(): void;
}

const WRITE_AFTER_MS = 200;

export function createSharedState({ journal, now, onProblem }: SharedStateOptions): SharedState {
  const found = readState(journal, Journal);
  const state = found.kind === "read" ? found.value : { since: now().toISOString(), globals: {} };
  if (found.kind === "set-aside") onProblem(found.error);
  const scripts: Record<string, SharedScript> = {};
  const texts = new Map<string, string>();
  let timer: NodeJS.Timeout | null = null;

  const write = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    try {
      writeJsonAtomic(journal, state, 0o600);
    } catch (error) {
      onProblem(error);
    }
  };
  if (found.kind !== "read") write();

  const set = (file: string, script: SharedScript): SharedScript | null => {
    const text = JSON.stringify(script);
    if (texts.get(file) === text) return null;
    texts.set(file, text);
    scripts[file] = script;
    return script;
  };

  for (const [file, global] of Object.entries(state.globals)) {
    set(file, { running: false, ready: false, local: {}, global });
  }

  return {
    scripts,
    note: (file, run) => {
      const status = statusOf(run);
      const isOfBefore = !status.running && run.startedAt < state.since;
      const ready = status.ready && !isOfBefore;
      return set(file, { ...status, ready, global: state.globals[file] ?? {}, runId: run.id });
    },
    noteGlobal: (file, global) => {
      if (Object.keys(global).length === 0 && state.globals[file] === undefined) return;
      state.globals[file] = global;
      timer ??= setTimeout(write, WRITE_AFTER_MS);
    },
    recall: (file, { run, global }) => {
      if (run.startedAt >= state.since && global !== undefined) state.globals[file] = global;
    },
    forget: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      rmSync(journal, { force: true });
    },
    close: () => {
      if (timer !== null) write();
    },
  };
}

/** A script that ended by itself stays ready until it is started anew; what was stopped or failed does not. */
function statusOf(run: Run): { running: boolean; ready: boolean; local: Record<string, unknown> } {
  const running = isLive(run);
  return {
    running,
    ready: run.state === "ready" || run.end?.outcome === "finished",
    local: running ? run.local : {},
  };
}

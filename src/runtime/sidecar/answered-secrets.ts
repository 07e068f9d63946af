import { join } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import type { Run } from "../protocol/runs.js";

type Known = readonly Buffer[];

/** Passwords that a person has answered with: hidden in the output of that run, and of the app's other runs meanwhile. */
export class AnsweredSecrets {
  readonly #runs: string;
  readonly #byRun = new Map<string, Known>();
  readonly #byApp = new Map<string, Known>();

  constructor(runs: string) {
    this.#runs = runs;
  }

  note(run: Run, values: readonly string[]): void {
    if (values.length === 0) return;
    const before = this.of(run);
    const added = values.map((value) => Buffer.from(value, "utf8"));
    this.#byRun.set(run.id, [...before, ...added]);
    if (run.appId !== null) this.#byApp.set(run.appId, [...(this.#byApp.get(run.appId) ?? []), ...added]);
    const all = [...before, ...added].map((value) => value.toString("utf8"));
    writeJsonAtomic(this.#fileOf(run), [...new Set(all)], 0o600);
  }

  of(run: Run): Known {
    const own = this.#byRun.get(run.id) ?? this.#read(run);
    return run.appId === null ? own : [...own, ...(this.#byApp.get(run.appId) ?? [])];
  }

  #read(run: Run): Known {
    const state = readState(this.#fileOf(run), z.array(z.string()));
    const found = state.kind === "read" ? state.value.map((value) => Buffer.from(value, "utf8")) : [];
    this.#byRun.set(run.id, found);
    return found;
  }

  #fileOf({ id }: Run): string {
    return join(this.#runs, id, "secrets.json");
  }
}

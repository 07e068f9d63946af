import { statSync } from "node:fs";
import * as z from "zod";
import { readState } from "../base/atomic-file.js";
import { secretBytes } from "../base/secret-bytes.js";
import type { KnownSecrets } from "../environments/secrets.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";
import { runPaths } from "../storage/paths.js";

type Values = readonly string[];

const Kept = z.array(z.string());
const MOST_UNIONS = 500;
/**
 * How old it may be what other runs and files say. This is asked with every piece of output, and looking at a file can
 * take long where many do. What its own runner has learnt is looked at each time: it is printed next.
 */
const OTHERS_MS = 200;

/**
 * What nobody may see of runs: what was secret while they ran, which each runner writes beside its output, and what is
 * secret by now. Whatever shows anything of a run asks here.
 */
export class SecretsOfRuns {
  readonly #known: KnownSecrets;
  readonly #runs: string;
  readonly #ofRuns = new Map<string, { stamp: string; isFinal: boolean; values: Values }>();
  readonly #unions = new Map<string, Union>();

  constructor(known: KnownSecrets, runs: string) {
    this.#known = known;
    this.#runs = runs;
  }

  /** Of a run, or an app, and of runs that may know its secrets; the same list as before while nothing has changed. */
  of(whose: { run: RunId } | { app: AppId }, runs: readonly Run[]): readonly Buffer[] {
    const key = "run" in whose ? whose.run : `app ${whose.app}`;
    const own = runs.find(({ id }) => id === key);
    const now = own === undefined ? null : this.#ofRun(own);
    const before = this.#unions.get(key);
    if (before?.own === now && before.count === runs.length && performance.now() - before.at < OTHERS_MS) {
      return before.bytes;
    }
    const apps = new Set(["app" in whose ? whose.app : null, ...runs.map(({ appId }) => appId)]);
    const parts = [...[...apps].flatMap((id) => this.#known.of(id)), ...runs.map((run) => this.#ofRun(run))];
    const isSame = before?.parts.length === parts.length && parts.every((part, at) => part === before.parts[at]);
    if (this.#unions.size > MOST_UNIONS) this.#unions.clear();
    const bytes = isSame ? before.bytes : secretBytes(parts.flat());
    this.#unions.set(key, { own: now, count: runs.length, at: performance.now(), parts, bytes });
    return bytes;
  }

  #ofRun(run: Run): Values {
    const before = this.#ofRuns.get(run.id);
    if (before?.isFinal === true) return before.values;
    const file = runPaths(this.#runs, run.id).secrets;
    const stamp = stampOf(file);
    const values = before?.stamp === stamp ? before.values : valuesIn(file);
    this.#ofRuns.set(run.id, { stamp, isFinal: !isLive(run), values });
    return values;
  }
}

/** What one run or app has to hide, as it was put together last. */
interface Union {
  own: Values | null;
  count: number;
  at: number;
  parts: readonly Values[];
  bytes: readonly Buffer[];
}

function valuesIn(file: string): Values {
  const state = readState(file, Kept);
  return state.kind === "read" ? state.value : [];
}

/** Another one whenever the file was written. */
function stampOf(file: string): string {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? "" : `${found.ino} ${found.mtimeMs} ${found.size}`;
  } catch {
    return ""; // not ours to see
  }
}

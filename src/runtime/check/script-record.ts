import { posix } from "node:path";
import type { CheckedScript, CheckFinding, CheckNeed } from "../protocol/check.js";
import type { Script, Step } from "../script/script.js";
import { withoutRepeats } from "./needs.js";

/** One script of an app, and what every walk through it found. */
export class ScriptRecord {
  role: CheckedScript["role"] = "other";
  reached = false;
  script: Script | null = null;
  steps: readonly (Step | null)[] = [];
  /** Why it cannot be loaded. */
  failure: unknown = null;
  /** The same, once it is known to be meant as a script. */
  problem: unknown = null;
  /** A script whose list of steps is made by a function that nobody has called yet. */
  unmade: Script | null = null;
  readonly visited = new Set<number>();
  readonly methods = new Set<string>();
  readonly needs: CheckNeed[] = [];
  readonly ready: CheckedScript["ready"] = [];
  readonly #findings = new Map<string, CheckFinding>();

  constructor(readonly path: string) {}

  get folder(): string {
    return posix.dirname(this.path);
  }

  /** The same found twice is one finding, as serious as either. */
  add(finding: CheckFinding): void {
    const { level: _level, ...rest } = finding;
    const key = JSON.stringify(rest);
    if (this.#findings.get(key)?.level !== "error") this.#findings.set(key, finding);
  }

  report(): CheckedScript {
    const { path, role, reached, steps, visited, methods, needs, ready } = this;
    return {
      path,
      role,
      reached,
      steps: steps.length,
      stepsHere: visited.size,
      methods: [...methods],
      needs: withoutRepeats(needs),
      ready: [...new Map(ready.map((one) => [JSON.stringify(one), one])).values()],
      findings: [...this.#findings.values()].sort((one, other) => (one.step ?? 0) - (other.step ?? 0)),
    };
  }
}

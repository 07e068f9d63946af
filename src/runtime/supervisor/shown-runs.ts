import { maskData, unmaskAnswer } from "../base/mask-data.js";
import { maskSecrets } from "../base/mask-secrets.js";
import type { Run } from "../protocol/runs.js";
import type { RunSteps } from "../protocol/steps.js";
import type { Supervisor } from "./supervisor.js";

/** Names of what a run's schema, or a form's, says itself: no text of the run. */
const OURS: ReadonlySet<string> = new Set([
  ...["outcome", "code", "at", "id", "kind", "askedAt", "type", "key", "env", "isAnswering"],
]);

/** How each part of a run is shown; one that is added has to say it too. */
const HOW: Record<keyof Run, "as it is" | "masked" | "masked, with names"> = {
  id: "as it is",
  appId: "as it is",
  script: "as it is",
  action: "as it is",
  state: "as it is",
  daemon: "as it is",
  end: "masked",
  step: "as it is",
  local: "masked, with names",
  shells: "as it is",
  terminal: "as it is",
  startedAt: "as it is",
  outputBytes: "as it is",
  warnings: "masked",
  parent: "as it is",
  questions: "masked",
  serving: "masked",
  progress: "as it is", // read from what was masked
  ending: "as it is",
  again: "as it is",
  repairing: "masked",
  overMemory: "as it is",
  failedStep: "as it is",
  takenBack: "as it is",
  waitsFor: "as it is",
  shown: "masked",
};
const MASKED = (Object.keys(HOW) as (keyof Run)[]).filter((part) => HOW[part] !== "as it is");

/** Of a supervisor, what tells nothing that is shown to anybody; one that is added has to be here or be masked. */
const AS_THEY_ARE = [
  ...(["kin", "isLive", "noteWaiting", "leaveQueue", "setNice", "processes", "refreshServing", "toTerminal"] as const),
  ...(["scripts", "forgetShared", "outputFile", "requestOf", "resumePointOf", "retell", "reconnect"] as const),
  ...(["noteTakenBack", "dismiss", "recall", "onForgotten", "onOutput", "close"] as const),
] satisfies (keyof Supervisor)[];

/** What else is shown of a run is masked with this. */
export interface ShownSupervisor extends Supervisor {
  secretsOf(run: Pick<Run, "id">): readonly Buffer[];
}

/** The border behind which runs are as they are: beyond it nobody sees a secret in anything that is told of them. */
export function showRuns(behind: Supervisor, secretsOf: ShownSupervisor["secretsOf"]): ShownSupervisor {
  const known = new WeakMap<object, { secrets: readonly Buffer[]; shown: unknown }>();
  const maskPart = (part: keyof Run, value: object, secrets: readonly Buffer[]): unknown => {
    const before = known.get(value);
    if (before?.secrets === secrets) return before.shown;
    const shown = HOW[part] === "masked" ? maskData(value, secrets, OURS) : maskData(value, secrets);
    known.set(value, { secrets, shown });
    return shown;
  };
  const show = <Some extends Run>(run: Some): Some => {
    const secrets = secretsOf(run);
    const shown: Record<string, unknown> = { ...run };
    for (const part of MASKED) {
      const value = run[part];
      if (typeof value === "object" && value !== null) shown[part] = maskPart(part, value, secrets);
    }
    return shown as Some;
  };
  const showOrNull = (run: Run | null): Run | null => (run === null ? null : show(run));

  const shown: Omit<ShownSupervisor, (typeof AS_THEY_ARE)[number]> = {
    secretsOf,
    get runs() {
      return behind.runs.map(show);
    },
    get: (id) => showOrNull(behind.get(id)),
    latestOf: (file) => showOrNull(behind.latestOf(file)),
    start: async (order) => {
      const { run, already } = await behind.start(order);
      return { run: show(run), already };
    },
    stop: async (id, failure) => show(await behind.stop(id, failure)),
    waitFor: async (id, waitMs) => show(await behind.waitFor(id, waitMs)),
    settled: async (id) => show(await behind.settled(id)),
    onRun: (listener) => behind.onRun((run) => listener(show(run))),
    onTold: (listener) =>
      behind.onTold((id, kind, params) => {
        // What is copied is of use only as it is, and nobody reads it.
        listener(id, kind, kind === "clipboard.copy" ? params : maskData(params, secretsOf({ id }), OURS));
      }),
    steps: async (id, after) => {
      const steps = await behind.steps(id, after);
      return steps === null ? null : showSteps(steps, secretsOf({ id }));
    },
    answer: (id, question, value) => {
      const asked = behind.get(id)?.questions?.find((open) => open.id === question)?.params;
      behind.answer(id, question, unmaskAnswer(value, asked, maskData(asked, secretsOf({ id }), OURS)));
    },
  };
  const asTheyAre = Object.fromEntries(AS_THEY_ARE.map((name) => [name, behind[name]]));
  Object.defineProperties(shown, {
    ...Object.getOwnPropertyDescriptors(asTheyAre),
    scripts: { get: () => behind.scripts },
  });
  return shown as ShownSupervisor;
}

const showSteps = (told: RunSteps, secrets: readonly Buffer[]): RunSteps => ({
  ...told,
  steps: told.steps.map((step) => ({
    ...step,
    what: maskSecrets(step.what, secrets),
    why: step.why === null ? null : maskSecrets(step.why, secrets),
  })),
});

import { outputSize } from "../../base/output-parts.js";
import { PinokioError } from "../../protocol/errors.js";
import type { Failure, RepairChoice, RepairPreview, RepairResult } from "../../protocol/failures.js";
import type { RunId } from "../../protocol/ids.js";
import { isLive, type Run } from "../../protocol/runs.js";
import type { ScriptLocation } from "../../library/script-location.js";
import type { ShownSupervisor } from "../../supervisor/shown-runs.js";
import type { RunOrder } from "../../supervisor/run-order.js";
import type { Supervisor } from "../../supervisor/supervisor.js";
import type { RunSteps } from "../../protocol/steps.js";
import type { ScreenOrder } from "../../protocol/screen.js";
import { DEFAULT_TERMINAL_SIZE, type Screen } from "../../protocol/terminal.js";
import { searchOutput } from "../output-search.js";
import type { Handlers } from "./handler.js";

/** The longest output takes a few seconds. */
const SEARCH_LIMIT_MS = 30_000;

export interface RunParts {
  supervisor: ShownSupervisor;
  startScript(file: string, order: Omit<RunOrder, "scriptFile" | "script" | "appId">): ReturnType<Supervisor["start"]>;
  /** Which file is meant by what a client wrote; a bare app folder stands for its default item. */
  locate(script: string): Promise<ScriptLocation>;
  /** As `locate`, without looking at launchers. */
  fileOf(script: string): string;
  drawScreen(order: ScreenOrder): Promise<Screen>;
  /** Why a run failed, or null. */
  diagnose(run: Run): Promise<Failure | null>;
  repairs: {
    preview(run: Run, choice: RepairChoice): Promise<RepairPreview>;
    carryOut(run: Run, choice: RepairChoice, given?: string): Promise<RepairResult>;
    cancel(id: RunId): boolean;
  };
  /** Starts what failed as it was asked for then. */
  startAgain(run: Run, options?: { from?: "beginning" | "failed-step" | undefined }): ReturnType<Supervisor["start"]>;
  /** Ends it and starts the same again. */
  restart(run: Run): ReturnType<Supervisor["start"]>;
  /** With how long the steps usually take. */
  withUsual(run: Run, steps: RunSteps): RunSteps;
  /** A run that was to be started again by itself is not. */
  letBe(id: RunId): boolean;
  /** Throws when nobody has agreed to the app's code. */
  checkAgreed(location: ScriptLocation): Promise<void>;
}

export const runHandlers = ({
  supervisor,
  startScript,
  locate,
  fileOf,
  checkAgreed,
  drawScreen,
  diagnose,
  repairs,
  startAgain,
  restart,
  withUsual,
  letBe,
}: RunParts): Handlers<
  | "runs.start"
  | "runs.stop"
  | "runs.wait"
  | "runs.answer"
  | "runs.type"
  | "runs.resize"
  | "runs.steps"
  | "runs.diagnose"
  | "runs.repairPreview"
  | "runs.repair"
  | "runs.cancelRepair"
  | "runs.again"
  | "runs.restart"
  | "runs.list"
  | "runs.find"
  | "script.status"
  | "output.open"
  | "output.screen"
  | "output.search"
  | "output.close"
> => {
  const find = (which: { runId: RunId } | { script: string }): Run | null =>
    "runId" in which ? supervisor.get(which.runId) : supervisor.latestOf(fileOf(which.script));

  const known = (id: RunId): Run => {
    const run = supervisor.get(id);
    if (run === null) throw new PinokioError("run-missing", `No run has the id ${id}`);
    return run;
  };

  return {
    "runs.start": async ({ script, action = "run", input, key, consent = false, unattended, trace, answers }) => {
      const location = await locate(script);
      if (!consent) await checkAgreed(location);
      return startScript(location.file, {
        action,
        key,
        ...(consent ? { consent } : {}),
        unattended,
        ...(trace === undefined ? {} : { trace }),
        ...(answers === undefined ? {} : { answers }),
        ...(input === undefined ? (location.params === null ? {} : { input: location.params }) : { input }),
      });
    },
    "runs.stop": async (which) => {
      const run = find(which);
      if (run !== null && !isLive(run)) letBe(run.id);
      if (run === null || !isLive(run)) return { run: run === null ? null : supervisor.get(run.id) };
      return { run: await supervisor.stop(run.id) };
    },
    "runs.wait": ({ runId, waitMs }) => supervisor.waitFor(runId, waitMs),
    "runs.answer": ({ runId, question, value }) => {
      supervisor.answer(runId, question, value);
      return {};
    },
    "runs.type": ({ runId, text }) => {
      const run = supervisor.get(runId);
      if (run === null || run.shells === 0) {
        throw new PinokioError("run-missing", `The run ${runId} has no open terminal to type into`);
      }
      supervisor.toTerminal(runId, { text });
      return {};
    },
    "runs.resize": ({ runId, columns, rows }) => {
      supervisor.toTerminal(runId, { columns, rows });
      return {};
    },
    "runs.steps": async ({ runId, after = 0 }) => {
      const steps = await supervisor.steps(runId, after);
      return steps === null ? null : withUsual(known(runId), steps);
    },
    "runs.diagnose": async ({ runId }) => diagnose(known(runId)),
    "runs.repairPreview": async ({ runId, repair }) => repairs.preview(known(runId), repair),
    "runs.repair": async ({ runId, repair, given }) => repairs.carryOut(known(runId), repair, given),
    "runs.cancelRepair": ({ runId }) => ({ cancelled: repairs.cancel(known(runId).id) }),
    "runs.again": async ({ runId, from }) => {
      letBe(runId);
      return startAgain(known(runId), { from });
    },
    "runs.restart": async ({ runId }) => {
      letBe(runId);
      const run = known(runId);
      return isLive(run) ? restart(run) : startAgain(run);
    },
    "runs.list": async ({ fresh = false }) => {
      if (fresh) await supervisor.refreshServing();
      return [...supervisor.runs];
    },
    "runs.find": find,
    "script.status": ({ script }) => {
      const file = fileOf(script);
      const { running = false, ready = false } = supervisor.scripts[file] ?? {};
      const { shells = 0, local = {} } = supervisor.latestOf(file) ?? {}; // as it is shown
      return { running, ready, local: running ? local : null, shells: running ? shells : 0 };
    },
    "output.open": async ({ stream, runId, offset, credit }, client) => {
      const run = known(runId);
      const sender = client.openStream(
        stream,
        {
          file: supervisor.outputFile(runId),
          secrets: () => supervisor.secretsOf(run),
          isOver: () => !supervisor.isLive(runId),
          onMore: (listener) => supervisor.onOutput(runId, listener),
        },
        credit,
      );
      return sender.start(offset);
    },
    "output.screen": ({ runId, scrollback }) => {
      const run = known(runId);
      const file = supervisor.outputFile(runId);
      const end = outputSize(file); // before secrets are asked for
      const secrets = supervisor.secretsOf(run).map((secret) => secret.toString("base64"));
      const { earlier, ...size } = run.terminal ?? { ...DEFAULT_TERMINAL_SIZE, since: 0, earlier: [] };
      return drawScreen({ file, end, scrollback, secrets, sizes: [...earlier, size] });
    },
    "output.search": ({ runId, text, most }) => {
      const run = known(runId);
      const signal = AbortSignal.timeout(SEARCH_LIMIT_MS);
      return searchOutput({
        file: supervisor.outputFile(runId),
        text,
        most,
        secrets: () => supervisor.secretsOf(run),
        signal,
      });
    },
    "output.close": ({ stream }, client) => {
      client.streams.get(stream)?.close();
      client.streams.delete(stream);
      return {};
    },
  };
};

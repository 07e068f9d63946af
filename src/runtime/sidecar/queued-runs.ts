import type { Log } from "../base/log.js";
import type { Requirements } from "../library/requirements.js";
import { scriptFileOf } from "../library/script-location.js";
import { toWireError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import type { Run } from "../protocol/runs.js";
import type { Supervisor } from "../supervisor/supervisor.js";
import type { Phase } from "./phase.js";

/** Runs whose apps need others that are not ready yet: they start when those are, and end when those do not come up. */
interface QueuedRuns {
  /** Waits for what a queued run needs. */
  enter(run: Run): void;
  /** Goes on with those that the sidecar before has left waiting; to be called once every run is known. */
  begin(): void;
}

interface QueuedRunsWorld {
  api: string;
  supervisor: Supervisor;
  requirements: Requirements;
  phase: Phase;
  log: Log;
  /** Throws when the run's script may not be started now. */
  checkMayStart(run: Run): void;
}

export function createQueuedRuns({
  api,
  supervisor,
  requirements,
  phase,
  log,
  checkMayStart,
}: QueuedRunsWorld): QueuedRuns {
  const waiting = new Map<RunId, AbortController>();
  supervisor.onRun(({ id, state }) => {
    if (state !== "queued") waiting.get(id)?.abort();
  });

  const meet = async (run: Run, signal: AbortSignal): Promise<void> => {
    const { trace, consent, unattended } = supervisor.requestOf(run.id) ?? {};
    const onMet = (missing: readonly { app: string }[]): void => {
      if (!signal.aborted)
        supervisor.noteWaiting(
          run.id,
          missing.map(({ app }) => app),
        );
    };
    const wish = { trace, consent, unattended };
    await requirements.meet(scriptFileOf(run.script, api), wish, { signal, onMet });
  };

  const wait = async (run: Run, { signal }: AbortController): Promise<void> => {
    const left = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    /** It has been stopped or will be; or the next sidecar goes on with it. */
    const isLeft = (): boolean => signal.aborted || phase.isStoppingRuns || phase.isEnding;
    try {
      await Promise.race([meet(run, signal), left]);
      if (isLeft()) return;
      checkMayStart(run);
      await supervisor.leaveQueue(run.id);
    } catch (error) {
      if (isLeft()) return;
      log.write("warn", "queued run not started", { run: run.id, error: String(error) });
      await supervisor.stop(run.id, toWireError(error));
    }
  };

  const enter = (run: Run): void => {
    if (run.state !== "queued" || waiting.has(run.id)) return;
    const controller = new AbortController();
    waiting.set(run.id, controller);
    void wait(run, controller)
      .catch((error: unknown) => log.write("error", "queued run lost", { run: run.id, error: String(error) }))
      .finally(() => waiting.delete(run.id));
  };

  return {
    enter,
    begin: () => supervisor.runs.forEach(enter),
  };
}

import { fromWireError, PinokioError } from "../../protocol/errors.js";
import type { Run } from "../../protocol/runs.js";
import { isCancelled, type JobContext } from "../jobs.js";
import type { InstallWorld } from "./world.js";

/**
 * Shows a run of an install script as a job until it is over, or ready. A person who cancels stops the run; the end of
 * the sidecar leaves it alone: the next one follows it.
 */
export async function followInstall(run: Run, context: JobContext, world: InstallWorld): Promise<void> {
  const { signal, tell } = context;
  let goOn: (() => void) | null = null;
  const follow = world.follow(run.id, (now, isWaiting) => {
    const step = now.step === null ? null : { at: now.step.index + 1, of: now.step.total };
    tell({ phase: isWaiting ? "ask" : "script", step });
    if (isWaiting && goOn === null) void context.aside(new Promise<void>((resolve) => (goOn = resolve)));
    if (!isWaiting) {
      goOn?.();
      goOn = null;
    }
  });
  tell({ runId: run.id, phase: "script", progress: null });
  const left = new Promise<never>((_, reject) => {
    const end = (): void => {
      if (isCancelled(signal)) void world.stop(run.id).catch(reject);
      else reject(signal.reason as Error);
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  left.catch(() => undefined); // the run may be over before
  const over = await Promise.race([follow, left]);
  (goOn as (() => void) | null)?.();
  signal.throwIfAborted();
  if (over.end === null || over.end.outcome === "finished") return;
  throw await whyNot(over, world);
}

async function whyNot(run: Run, world: InstallWorld): Promise<Error> {
  const { script, end } = run;
  const explained = await world.explain(run).catch(() => null);
  if (explained !== null) return fromWireError(explained);
  if (end?.error != null) return fromWireError(end.error);
  const how = end?.outcome === "stopped" ? "was stopped" : `ended as ${end?.outcome}`;
  return new PinokioError("step-failed", `${script} ${how}`, { hint: "Look at its output, then resume the install" });
}

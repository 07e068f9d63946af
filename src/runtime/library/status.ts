import type { App } from "../protocol/apps.js";
import { isLive, type Run, withoutTakenBack } from "../protocol/runs.js";
import type { AppStatus } from "../protocol/shelf.js";

/** How an app stands, in one word. `runs` are all of its own, in the order they began. */
export function statusOf(
  { state, problem, update }: Pick<App, "state" | "problem" | "update">,
  runs: readonly Run[],
  isInstall: (run: Run) => boolean,
): AppStatus {
  if (state === "installing") return "installing";
  const live = runs.filter(isLive);
  if (live.length > 0) return live.every((run) => run.state === "queued") ? "queued" : "running";
  if (state === "not-installed" || state === "choose") return "not-installed";
  const used = withoutTakenBack(runs).filter((run) => !isInstall(run)); // how an install ended, the state says
  const outcome = used.at(-1)?.end?.outcome;
  const hasFailed = outcome === "failed" || outcome === "crashed" || outcome === "lost";
  if (state === "install-failed" || problem !== null || hasFailed) return "error";
  if (update !== null && update !== undefined) return "update";
  return outcome === undefined ? "installed" : "stopped";
}

/** Why an app's installation has begun and is not over; null where it is. */
export function whyUnfinished(
  { id, state, notBegun }: Pick<App, "id" | "state"> & { notBegun: string | null },
  runs: readonly Run[],
  isInstall: (run: Run) => boolean,
): string | null {
  if (state === "choose") return "It can be installed in several ways, and nobody has chosen one";
  if (state !== "install-failed") return null;
  if (notBegun !== null) return notBegun;
  const latest = runs.filter(isInstall).at(-1);
  const end = latest?.end;
  if (latest === undefined || end == null) return "Its installation was cut off";
  const script = latest.script.slice(id.length + 1);
  if (end.outcome === "stopped") return `${script} was stopped`;
  const { outcome, error } = end;
  return outcome === "failed" && error !== null ? `${script} failed: ${error.message}` : `${script} was cut off`;
}

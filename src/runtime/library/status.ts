import type { App } from "../protocol/apps.js";
import { isLive, type Run } from "../protocol/runs.js";
import type { AppStatus } from "../protocol/shelf.js";

/** How an app stands, in one word. `runs` are all of its own, in the order they began. */
export function statusOf(
  { state, problem, update }: Pick<App, "state" | "problem" | "update">,
  runs: readonly Run[],
  isInstall: (run: Run) => boolean,
): AppStatus {
  if (state === "installing") return "installing";
  if (runs.some(isLive)) return "running";
  if (state === "not-installed" || state === "choose") return "not-installed";
  const used = runs.filter((run) => !isInstall(run)); // how an install ended, the state says
  const outcome = used.at(-1)?.end?.outcome;
  const hasFailed = outcome === "failed" || outcome === "crashed" || outcome === "lost";
  if (state === "install-failed" || problem !== null || hasFailed) return "error";
  if (update !== null && update !== undefined) return "update";
  return outcome === undefined ? "installed" : "stopped";
}

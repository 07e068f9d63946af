import type { AppId } from "../../runtime/protocol/ids.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";

/** Runs that wait for a person: of the app, or started by one of it. */
export const waitingFor = (appId: AppId, runs: readonly Run[]): Run[] =>
  runs.filter((run) => asks(run) && lineOf(run, runs).some((one) => one.appId === appId));

export const asks = (run: Run): boolean => isLive(run) && (run.questions?.length ?? 0) > 0;

/** A run, what started it, what started that, and so on. */
function lineOf(run: Run, runs: readonly Run[]): Run[] {
  const line: Run[] = [];
  for (let one: Run | undefined = run; one !== undefined && !line.includes(one);) {
    line.push(one);
    const { parent }: Run = one;
    one = parent == null ? undefined : runs.find(({ id }) => id === parent);
  }
  return line;
}

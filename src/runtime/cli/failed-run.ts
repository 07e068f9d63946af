import { quotedWord } from "../base/command-words.js";
import { PinokioError } from "../protocol/errors.js";
import type { Run } from "../protocol/runs.js";
import { isMeantBy } from "./runs-meant.js";

/** What to do about a run of an update that was undone. */
export const takenBackText = (app: string | null): string =>
  `Update failed, all is as before. Update it again: pinokiocloud update ${quotedWord(app ?? "")}`;

/** The latest run that failed of what a person named: a run, an app, or a script of it. */
export function failedRun(which: string, runs: readonly Run[]): Run {
  const meant = runs.filter(isMeantBy(which));
  const failed = meant.findLast(({ end }) => end?.outcome === "failed" || end?.outcome === "crashed");
  if (failed !== undefined) return failed;
  throw new PinokioError("run-missing", `No run of ${which} is known that failed`, {
    hint: "`pinokiocloud status` shows what runs, `pinokiocloud logs` what the latest run has printed",
  });
}

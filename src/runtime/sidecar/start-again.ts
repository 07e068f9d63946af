import { quotedWord } from "../base/command-words.js";
import { scriptFileOf } from "../library/script-location.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { outermost, type Run } from "../protocol/runs.js";
import type { OpenedHome } from "./open-home.js";
import { resumeAt } from "./resume-at.js";
import type { Runs } from "./runs.js";

export interface StartAgainOptions {
  env?: Record<string, string>;
  /** Another script of the app in place of the one that failed. */
  file?: string;
  /** What that gets. */
  input?: Record<string, string>;
  runId?: RunId;
  /** Only what was not done yet. */
  from?: "beginning" | "failed-step" | undefined;
}

/** Starts what failed as it was asked for then; see `outermost` for what that is. */
export type StartAgain = (run: Run, options?: StartAgainOptions) => Promise<{ run: Run; already: boolean }>;

interface StartAgainParts {
  opened: OpenedHome;
  runs: Runs;
  hasAgreed(app: AppId): Promise<boolean>;
}

export function createStartAgain({ opened: { paths }, runs, hasAgreed }: StartAgainParts): StartAgain {
  const { supervisor } = runs;
  return async (failed, { env, file, input, runId, from } = {}) => {
    const first = outermost(failed, (id) => supervisor.get(id));
    const asked = supervisor.requestOf(first.id);
    const { appId, script } = first;
    if (first.takenBack === true) {
      throw new PinokioError("request-invalid", `${script} was part of an update that failed, and all is as before`, {
        hint: `Update it again: pinokiocloud update ${quotedWord(appId ?? "")}`,
      });
    }
    const resume = from === "failed-step" ? resumeAt(first, supervisor.resumePointOf) : null;
    // Asking for one script was the agreement to that one.
    const consent = file === undefined ? asked?.consent : undefined;
    if (consent !== true && appId !== null && !(await hasAgreed(appId))) {
      throw new PinokioError("agreement-needed", `Nobody has agreed yet to what ${appId} will run`, {
        hint: "Look at its commands and agree, then start it again",
        context: { app: appId, script },
      });
    }
    const same = file === undefined ? { input: asked?.input, answers: asked?.answers } : { input };
    const wish = { answers: undefined, ...same };
    return runs.startScript(file ?? scriptFileOf(script, paths.api), {
      action: file === undefined ? first.action : "run",
      consent,
      unattended: asked?.unattended,
      ...(wish.input === undefined ? {} : { input: wish.input }),
      ...(wish.answers === undefined ? {} : { answers: wish.answers }),
      ...(env === undefined ? {} : { env }),
      ...(runId === undefined ? {} : { runId }),
      ...(resume === null ? {} : { resume }),
    });
  };
}

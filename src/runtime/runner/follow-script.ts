import { readTold } from "../protocol/told.js";
import type { ScriptEvent } from "../script/interpreter.js";
import type { StepError } from "../script/step-error.js";
import type { RunSecrets } from "./run-secrets.js";
import type { RunStateKeeper } from "./run-state.js";
import type { StepRecord } from "./step-record.js";
import { tidyWhenWaiting } from "./tidy-memory.js";
import type { Trace } from "./trace.js";
import { tracedParams } from "./traced-params.js";

/** Those who hear of what a script does. */
interface Listeners {
  state: RunStateKeeper;
  secrets: RunSecrets;
  trace: Trace;
  steps: StepRecord;
  warn(message: string): void;
  tell(kind: string, params: unknown): void;
  noteError(error: StepError): void;
}

const noteStep = tidyWhenWaiting();

const takesInput = (method: string, params: unknown): boolean =>
  method === "shell.run" && typeof params === "object" && params !== null && "input" in params && Boolean(params.input);

/** Tells everybody what the script does. */
export function follow(event: ScriptEvent, { state, secrets, trace, steps, warn, tell, noteError }: Listeners): void {
  switch (event.type) {
    case "started":
      state.update({ daemon: event.daemon });
      state.moveTo("running");
      break;
    case "step": {
      noteStep();
      const { index, total, method, params } = event;
      secrets.learnFrom(params);
      trace.step(index, method, tracedParams(method, params));
      steps.begin(event);
      const typing = takesInput(method, params) ? { takesInput: true } : {};
      state.update({ step: { index, total, method, startedAt: new Date().toISOString(), ...typing } });
      break;
    }
    case "result":
      trace.result(event.index, event.value);
      steps.finish(event.index, event.failure);
      state.memoryChanged(); // code of the script may have changed it without a method
      break;
    case "failed":
      noteError(event.error);
      break;
    case "notice":
      tell("notify", noticeOf(event.notice, `Step ${event.index + 1} is over`));
      break;
    case "warning":
      warn(event.message);
      break;
    case "skipped":
      steps.skip(event);
      break;
  }
}

/** What `notify` of a step asks to be told; with nothing to read it says which step is over. */
function noticeOf(notice: unknown, usual: string): unknown {
  return readTold("notify", notice) === null ? { html: usual } : notice;
}

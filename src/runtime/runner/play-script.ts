import { setTimeout as delay } from "node:timers/promises";
import type { RunRequest } from "../protocol/channel.js";
import { toWireError, type WireError } from "../protocol/errors.js";
import type { Outcome } from "../protocol/runs.js";
import { runScript } from "../script/interpreter.js";
import type { Parts } from "./build-parts.js";
import type { StopRequest } from "./stop-request.js";

const LAST_STEP_MS = 100;

export interface RunEnd {
  outcome: Outcome;
  error: WireError | null;
}

/** Runs the script; a daemon's programs then stay until somebody asks it to stop. */
export async function play(
  { scriptFile: file, program: isProgram, action, input, resume }: RunRequest,
  parts: Parts,
  stop: StopRequest,
  outsideSteps: Promise<never>,
): Promise<RunEnd> {
  const { effects, state, output, trace, triggered } = parts;
  // A step is over when its programs are; one that waits for something else is left alone.
  const stopped = stop.made().then(async () => {
    await parts.stopHook();
    await parts.endPrograms();
  });
  const programsEnded = stopped.then(async () => {
    await delay(LAST_STEP_MS);
    throw stop.signal.reason;
  });
  const printError = ({ message, hint }: WireError): void => {
    output.print(`\x1b[31m${message}\x1b[0m\r\n`);
    if (hint !== undefined) output.print(`${hint}\r\n`);
  };
  if (resume !== undefined) {
    output.print(`Goes on at step ${resume.index + 1} of ${resume.methods.length}, where an earlier run failed\r\n`);
  }
  const asAsked = (): RunEnd => {
    if (stop.failure === null) return { outcome: "stopped", error: null };
    printError(stop.failure);
    return { outcome: "failed", error: stop.failure };
  };
  try {
    const failures = [outsideSteps, triggered];
    const { outcome, value } = await Promise.race([
      runScript({ file, isProgram, action, input, resume }, effects),
      programsEnded,
      ...failures,
    ]);
    state.setValue(value);
    if (outcome === "finished") {
      await parts.stopHook();
      return { outcome, error: null };
    }
    await parts.printed();
    if (!stop.isMade) {
      trace.end("daemon");
      state.moveTo("ready");
    }
    await Promise.race([stopped, ...failures]);
    return asAsked();
  } catch (error) {
    if (stop.isMade) return asAsked();
    const known = toWireError(error);
    const step = known.context?.["step"];
    trace.error(step === undefined ? undefined : Number(step), known.message);
    if (step !== undefined) parts.steps.finish(Number(step), known.message);
    printError(known);
    await parts.stopHook();
    return { outcome: "failed", error: known };
  }
}

import { setTimeout as delay } from "node:timers/promises";
import { PinokioError } from "../protocol/errors.js";
import type { MethodCall } from "../script/interpreter.js";
import { isObject, loadScript } from "../script/script.js";
import { callMethod, resolvePath, type SharedContext } from "./call-method.js";
import { type KnownScripts, otherScripts } from "./other-scripts.js";
import type { SidecarRequests } from "./sidecar-requests.js";

export interface StopHookWorld {
  context: SharedContext;
  kernel: unknown;
  known: KnownScripts;
  requests: SidecarRequests;
  /** When what still runs is to be killed, on the clock of `performance.now()`. */
  by: number;
  isProgram: boolean | undefined;
  callFromCode(method: string, params: unknown): MethodCall;
}

/** No hook holds a stop up for longer. */
const LONGEST_MS = 10_000;

/**
 * What a script wants done at its end, `"on": {"stop": {…}}`: another script, or one method. As in Pinokio it is done
 * when the script is stopped, and also when it is over by itself or has failed.
 */
export async function runStopHook(file: string, world: StopHookWorld): Promise<void> {
  const { context, kernel, by } = world;
  const limitMs = Math.round(Math.max(0, Math.min(LONGEST_MS, by - performance.now())));
  try {
    const { value } = await loadScript(file, kernel, { isProgram: world.isProgram });
    const hook = isObject(value["on"]) ? value["on"]["stop"] : undefined;
    if (!isObject(hook)) return;
    const work = carryOut(hook, { ...world, limitMs });
    await Promise.race([work, delay(limitMs, undefined, { ref: false })]);
  } catch (error) {
    if (error instanceof PinokioError && error.code === "script-missing") return; // it was removed meanwhile
    const message = error instanceof Error ? error.message : String(error);
    context.note(`What was to be done on stop failed: ${message}\r\n`);
  }
}

async function carryOut(hook: Record<string, unknown>, world: StopHookWorld & { limitMs: number }): Promise<void> {
  const { context, kernel, known, requests, limitMs, callFromCode } = world;
  const { method, uri, params, input, action } = hook;
  const call = callFromCode(String(method), params);
  if (typeof method === "string") {
    const signal = AbortSignal.timeout(limitMs);
    await callMethod({ ...call, step: { ...hook } }, { ...context, signal }, kernel);
  } else if (typeof uri === "string") {
    const scripts = otherScripts(known, requests, { lasting: true });
    const file = resolvePath(uri, call.cwd, context.home);
    await scripts.start(file, input ?? params, typeof action === "string" ? { action } : {});
  }
}

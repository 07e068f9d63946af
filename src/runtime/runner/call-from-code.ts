import { dirname } from "node:path";
import type { RunRequest } from "../protocol/channel.js";
import type { MethodCall } from "../script/interpreter.js";

/** A call that no step of the script makes, but its code or its `on.stop`. */
export function callFromCode(request: RunRequest, method: string, params: unknown): MethodCall {
  const cwd = dirname(request.scriptFile);
  const script = { file: request.scriptFile, value: {}, warnings: [] };
  return { method, params, input: undefined, args: {}, step: { method, params }, index: 0, total: 1, cwd, script };
}

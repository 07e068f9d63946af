import { isAbsolute, join, resolve } from "node:path";
import type * as z from "zod";
import { PinokioError } from "../protocol/errors.js";
import { findMethod, methodsLike } from "../methods/index.js";
import type { MethodContext } from "../methods/method.js";
import type { MethodCall, MethodOutcome } from "../script/interpreter.js";

/** What methods of this run share. */
export type SharedContext = Omit<MethodContext, "cwd" | "input" | "resolvePath" | "jump">;

/** Carries out one step's method: finds it, checks its parameters, calls it. */
export async function callMethod(call: MethodCall, shared: SharedContext, kernel: unknown): Promise<MethodOutcome> {
  shared.signal.throwIfAborted();
  if (typeof call.method === "function") return { value: await callInline(call, call.method, shared, kernel) };
  const name = String(call.method);
  const method = findMethod(name);
  if (method === undefined) throw unknownMethod(name);

  const checked = method.params.safeParse(call.params);
  if (!checked.success) throw wrongParameters(name, checked.error);

  const outcome: MethodOutcome = { value: undefined };
  const { cwd, input } = call;
  outcome.value = await method.run(checked.data, {
    ...shared,
    cwd,
    input,
    resolvePath: (path) => resolvePath(path, cwd, shared.home),
    jump: (target) => (outcome.jump = target),
  });
  failIfErroneous(outcome.value, call);
  return outcome;
}

/** A method that is written in the script itself gets what it gets in Pinokio. */
async function callInline(call: MethodCall, method: unknown, shared: SharedContext, kernel: unknown): Promise<unknown> {
  const { params, input, args, cwd, index, total, script } = call;
  const request = {
    method,
    params,
    input,
    args,
    cwd,
    dirname: cwd,
    current: index,
    total,
    next: index + 1 < total ? index + 1 : null,
    parent: { uri: script.file, path: script.file, git: null, cwd, action: "run", args, body: script.value },
    root: shared.home,
  };
  const onData = (data: unknown): void => {
    if (typeof data === "object" && data !== null && "raw" in data) shared.print(String(data.raw));
  };
  return (await Reflect.apply(method as () => unknown, undefined, [request, onData, kernel])) as unknown;
}

function unknownMethod(name: string): PinokioError {
  const near = methodsLike(name);
  return new PinokioError("method-unknown", `No method is named "${name}"`, {
    hint: near.length === 0 ? "See docs/methods for those that exist" : `Did you mean ${near.join(" or ")}?`,
    context: { method: name },
  });
}

function wrongParameters(name: string, error: z.ZodError): PinokioError {
  const places = error.issues.slice(0, 3).map(({ path, message }) => {
    const place = ["params", ...path].join(".");
    return `${place}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  });
  return new PinokioError("script-invalid", `${name} cannot be called like this: ${places.join("; ")}`, {
    context: { method: name },
  });
}

/** A result that says it is an error ends the run, as a thrown error does. */
function failIfErroneous(value: unknown, { method }: MethodCall): void {
  if (typeof value !== "object" || value === null || !("error" in value) || !value.error) return;
  const found = Array.isArray(value.error) ? value.error.map(String) : [String(value.error)];
  throw new PinokioError("step-failed", `The output of ${String(method)} says ${found.map(quoted).join(", ")}`, {
    hint: 'If this is harmless, the script can say so with {"event": "/…/", "break": false}',
  });
}

const quoted = (text: string): string => `“${text.slice(0, 200)}”`;

function resolvePath(path: string, cwd: string, home: string): string {
  if (path === "~" || path.startsWith("~/")) return join(home, path.slice(1));
  return isAbsolute(path) ? path : resolve(cwd, path);
}

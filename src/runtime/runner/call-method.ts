import { dirname, isAbsolute, join, resolve } from "node:path";
import type * as z from "zod";
import { hereFrom } from "../base/foreign-path.js";
import { findClone, parseGitUri, remoteOf } from "../base/git-uri.js";
import { PinokioError } from "../protocol/errors.js";
import { readTold } from "../protocol/told.js";
import { findMethod, methodsLike } from "../methods/index.js";
import type { MethodContext } from "../methods/method.js";
import type { MethodCall, MethodOutcome } from "../script/interpreter.js";
import { isObject } from "../script/script.js";
import { placeBelow } from "../script/source-error.js";
import type { Modules } from "./modules.js";

/** What a method is told that belongs to one call. */
type OfCall = Pick<
  MethodContext,
  "cwd" | "input" | "resolvePath" | "jump" | "ask" | "print" | "step" | "file" | "args"
>;

/** What methods of this run share. */
export interface SharedContext extends Omit<MethodContext, keyof OfCall> {
  readonly runId: string;
  readonly modules: Modules;
  /** `index` is the step that asks. */
  ask(index: number, kind: string, params: unknown): Promise<unknown>;
  print(index: number, text: string): void;
}

/** Carries out one step's method: finds it, checks its parameters, calls it. */
export async function callMethod(call: MethodCall, shared: SharedContext, kernel: unknown): Promise<MethodOutcome> {
  shared.signal.throwIfAborted();
  const { method, step } = call;
  if (typeof method === "function")
    return ownCode(call, method as (...args: never[]) => unknown, { shared, kernel, folder: call.cwd });
  const name = String(method);
  if (typeof step["uri"] === "string" && step["uri"] !== "") {
    const file = resolvePath(step["uri"], call.cwd, shared.home);
    const found = await shared.modules.find(file, name, kernel);
    return ownCode(call, found, { shared, kernel, folder: dirname(file) });
  }
  if (name.startsWith("kernel.")) {
    return ownCode(call, kernelFunction(name, kernel), { shared, kernel, folder: call.cwd });
  }
  return builtIn(name, call, shared);
}

async function builtIn(name: string, call: MethodCall, shared: SharedContext): Promise<MethodOutcome> {
  const method = findMethod(name);
  if (method === undefined) throw unknownMethod(name);

  const checked = method.params.safeParse(call.params);
  if (!checked.success) throw wrongParameters(name, checked.error);

  const outcome: MethodOutcome = { value: undefined };
  const { cwd, input, step, args, script, index } = call;
  const own: OfCall = {
    cwd,
    input,
    step,
    file: script.file,
    args,
    ask: (kind, params) => shared.ask(index, kind, params),
    print: (text) => shared.print(index, text),
    resolvePath: (path, from = cwd) => resolvePath(path, from, shared.home),
    jump: (target) => (outcome.jump = target),
  };
  // What is shared is inherited: a copy for every step would be most of what a step costs.
  const context = Object.assign(Object.create(shared) as Omit<MethodContext, keyof OfCall>, own);
  outcome.value = await method.run(inOrderOf(call.params, checked.data), context);
  failIfErroneous(outcome.value, call);
  return outcome;
}

/** Parameters that become words of a command keep the order in which they are written; checking them has changed it. */
function inOrderOf(written: unknown, checked: unknown): unknown {
  if (!isObject(written) || !isObject(checked) || Object.getPrototypeOf(checked) !== Object.prototype) return checked;
  const names = Object.keys(written).filter((name) => Object.hasOwn(checked, name));
  return { ...Object.fromEntries(names.map((name) => [name, checked[name]])), ...checked };
}

interface OwnCode {
  shared: SharedContext;
  kernel: unknown;
  /** Where the code lies. */
  folder: string;
}

/** Code of an author, in the script or beside it, gets what it gets in Pinokio. */
async function ownCode(
  call: MethodCall,
  code: (...args: never[]) => unknown,
  { shared, kernel, folder }: OwnCode,
): Promise<MethodOutcome> {
  const { method, params, input, args, cwd, index, total, script, step } = call;
  const request = {
    ...step,
    method,
    params,
    input,
    args,
    cwd,
    dirname: folder,
    current: index,
    total,
    next: index + 1 < total ? index + 1 : null,
    parent: {
      id: script.file,
      uri: script.file,
      path: script.file,
      git: gitOf(script.file, shared.home),
      cwd,
      origin: null,
      caller: null,
      action: "run",
      args,
      client: null,
      body: script.value,
    },
    root: shared.home,
  };
  const onData = (data: unknown, type?: unknown): void => {
    // Code may tell what methods tell, such as "notify"; it is a line of output then too.
    if (typeof type === "string" && readTold(type, data) !== null) return shared.tell(type, data);
    const text = shownText(data);
    if (text === null) return;
    if (type === undefined || type === "stream") shared.print(index, text);
    else shared.note(`${text}\r\n`);
  };
  let value: unknown;
  try {
    value = (await Reflect.apply(code as () => unknown, undefined, [request, onData, kernel])) as unknown;
  } catch (error) {
    throw withPlace(error, call, shared.app ?? folder);
  }
  failIfErroneous(value, call);
  return { value };
}

/** What an author's code threw, with the place in their files; as it is where that cannot be told. */
function withPlace(error: unknown, { method, index }: MethodCall, folder: string): unknown {
  const place = error instanceof PinokioError ? null : placeBelow(error, folder);
  if (place === null || !(error instanceof Error)) return error;
  const { file, below, line, column, source } = place;
  const where = `${below}:${line}:${column}`;
  const name = typeof method === "function" ? "<function>" : String(method);
  return new PinokioError("step-failed", `Step ${index + 1} (${name}) failed at ${where}: ${error.message}`, {
    hint: source.trim() === "" ? undefined : `The line reads: ${source.trim().slice(0, 200)}`,
    cause: error,
    context: { file, line: String(line), column: String(column) },
  });
}

function shownText(data: unknown): string | null {
  if (typeof data === "string") return data;
  if (!isObject(data)) return null;
  for (const key of ["raw", "html", "text"]) if (data[key] !== undefined) return String(data[key]);
  if (data["json"] !== undefined) return `${JSON.stringify(data["json"])}\r\n`;
  if (data["json2"] !== undefined) return `${JSON.stringify(data["json2"], null, 2).replaceAll("\n", "\r\n")}\r\n`;
  return null;
}

/** `kernel.a.b.fn`, bound to what it belongs to. */
function kernelFunction(name: string, kernel: unknown): (...args: never[]) => unknown {
  let owner: unknown = undefined;
  let found: unknown = kernel;
  for (const part of name.split(".").slice(1)) {
    owner = found;
    found = typeof owner === "object" && owner !== null ? (owner as Record<string, unknown>)[part] : undefined;
  }
  if (typeof found !== "function") throw new PinokioError("method-unknown", `There is no function "${name}"`);
  return found.bind(owner) as (...args: never[]) => unknown;
}

/** The address the app of a script was cloned from. */
function gitOf(file: string, home: string): string | null {
  const api = join(home, "api");
  if (!file.startsWith(`${api}/`)) return null;
  const [folder = ""] = file.slice(api.length + 1).split("/");
  return remoteOf(join(api, folder));
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
  const name = typeof method === "function" ? "the script's own code" : String(method);
  throw new PinokioError("step-failed", `The output of ${name} says ${found.map(quoted).join(", ")}`, {
    hint: 'If this is harmless, the script can say so with {"event": "/…/", "break": false}',
  });
}

const quoted = (text: string): string => `“${text.slice(0, 200)}”`;

/** `~/` is the Pinokio home; an address of a repository is a path in its clone. */
export function resolvePath(written: string, cwd: string, home: string): string {
  const path = hereFrom(written, home);
  if (path === "~" || path.startsWith("~/")) return join(home, path.slice(1));
  if (/^https?:\/\//i.test(path)) return pathInClone(path, home);
  return isAbsolute(path) ? path : resolve(cwd, path);
}

function pathInClone(uri: string, home: string): string {
  const git = parseGitUri(uri);
  if (git === null) {
    throw new PinokioError("script-invalid", `${uri} is not the address of a repository`, {
      hint: "Write it with .git, such as https://host/owner/name.git/start.json",
    });
  }
  const folder = findClone(join(home, "api"), git.remote);
  if (folder !== null) return join(folder, git.path);
  throw new PinokioError("app-missing", `No app was cloned from ${git.remote}`, {
    hint: "script.download fetches it",
  });
}

import { dirname, extname, isAbsolute, join, normalize } from "node:path";
import { interpreterOf } from "../base/program-file.js";
import { toWireError } from "../protocol/errors.js";
import { type AskedValue, bytesOf, cutText, type LauncherSettings } from "../protocol/launcher.js";
import { LAUNCHER_SETTINGS } from "../protocol/limits.js";
import { scriptFiles } from "./describe.js";
import { createInfo, createKernel, type KernelFacts } from "./kernel.js";
import { loadFile, resolveExport } from "./load.js";
import { isObject } from "./script.js";

type ScriptSettings = LauncherSettings["scripts"][number];

/** What can be set of an app by way of its scripts: what they ask a person for, and the commands they run. */
export async function settingsOfApp(appDir: string, facts: KernelFacts): Promise<LauncherSettings> {
  const scripts: ScriptSettings[] = [];
  let room: number = LAUNCHER_SETTINGS.roomBytes;
  for (const path of scriptFiles(appDir).slice(0, LAUNCHER_SETTINGS.scripts)) {
    const file = join(appDir, path);
    if (extname(path).toLowerCase() === ".js" && interpreterOf(file) !== null) continue;
    const found = await settingsOfScript(file, path, facts);
    room -= found === null ? 0 : bytesOf(found);
    if (room < 0) break;
    if (found !== null) scripts.push(found);
  }
  return { scripts };
}

/** Null for what is no script. */
async function settingsOfScript(file: string, path: string, facts: KernelFacts): Promise<ScriptSettings | null> {
  const nothing = { path, asks: [], questions: [], commands: [] };
  try {
    const { exported } = await loadFile(file);
    const value = await resolveExport(exported, createKernel(facts), createInfo(facts, file, dirname(file)));
    if (!isObject(value)) return null;
    const { run } = value;
    if (typeof run === "function") return { ...nothing, problem: "Its steps are made only when it runs" };
    if (!Array.isArray(run)) return null;
    const steps = (run as unknown[]).filter(isObject);
    const { kept, questions } = askedBy(steps, dirname(path));
    return {
      path,
      asks: [...requiredOf(value), ...switchedBy(steps), ...kept].slice(0, LAUNCHER_SETTINGS.asksOfScript),
      questions: questions.slice(0, LAUNCHER_SETTINGS.asksOfScript),
      commands: steps.flatMap((step) => commandsOf(step, dirname(path))).slice(0, LAUNCHER_SETTINGS.commandsOfScript),
      problem: null,
    };
  } catch (error) {
    return { ...nothing, problem: words(toWireError(error).message) };
  }
}

/** `pre`, else `env`: what has to be known before the script runs. */
function requiredOf(script: Record<string, unknown>): AskedValue[] {
  const list = Array.isArray(script["pre"]) ? script["pre"] : script["env"];
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).filter(isObject).flatMap((item) => {
    const name = item["key"] ?? item["env"];
    return typeof name === "string" && name !== "" ? [{ ...asked(item), file: null, path: [name] }] : [];
  });
}

/** `env.switch` names what a variable may be. */
function switchedBy(steps: readonly Record<string, unknown>[]): AskedValue[] {
  return steps.flatMap(({ method, params }) => {
    if (method !== "env.switch" || !isObject(params)) return [];
    return Object.entries(params).flatMap(([name, list]) => {
      if (!Array.isArray(list)) return [];
      return [{ ...asked({ items: list }), file: null, path: [name] }];
    });
  });
}

/** Fields of `input` forms: those whose answer a later step keeps, and what is asked for anew each time. */
function askedBy(
  steps: readonly Record<string, unknown>[],
  folder: string,
): { kept: AskedValue[]; questions: string[] } {
  const kept: AskedValue[] = [];
  const questions: string[] = [];
  let fields = new Map<string, Omit<AskedValue, "file" | "path">>();
  const forget = (): void => {
    questions.push(...[...fields.values()].map(({ title }) => title));
    fields = new Map();
  };
  for (const { method, params } of steps) {
    if (method === "input" && isObject(params)) {
      forget();
      const form: unknown[] = Array.isArray(params["form"]) ? params["form"] : [];
      for (const field of form.filter(isObject)) {
        if (typeof field["key"] === "string") fields.set(field["key"], asked(field));
      }
    } else if (typeof method === "string" && isObject(params)) {
      for (const { file, path, value } of keptBy(method, params, folder)) {
        const key = /^\{\{\s*input\.(\w+)\s*\}\}$/.exec(value)?.[1] ?? "";
        const field = fields.get(key);
        if (field === undefined) continue;
        kept.push({ ...field, file, path });
        fields.delete(key);
      }
    }
  }
  forget();
  return { kept, questions: questions.filter((title) => title !== "") };
}

interface KeptValue {
  file: string | null;
  path: string[];
  value: string;
}

function keptBy(method: string, params: Record<string, unknown>, folder: string): KeptValue[] {
  const texts = (values: Record<string, unknown>): [string, string][] =>
    Object.entries(values).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  if (method === "env.set") return texts(params).map(([name, value]) => ({ file: null, path: [name], value }));
  if (method !== "json.set" && method !== "self.set") return [];
  return Object.entries(params).flatMap(([name, values]) => {
    const file = below(folder, name);
    if (file === null || !isObject(values)) return [];
    return texts(values).map(([key, value]) => ({ file, path: key.split("."), value }));
  });
}

function asked(field: Record<string, unknown>): Omit<AskedValue, "file" | "path"> {
  const { title, description, placeholder } = field;
  const items: unknown[] = [field["items"], field["options"]].find(Array.isArray) ?? [];
  const usual = field["default"];
  const isPlain = ["string", "number", "boolean"].includes(typeof usual) && !String(usual).includes("{{");
  return {
    title: words(title ?? field["key"]),
    description: words(description),
    placeholder: words(placeholder),
    default: isPlain ? (typeof usual === "string" ? words(usual) : (usual as number | boolean)) : null,
    choices: items.slice(0, LAUNCHER_SETTINGS.choices).flatMap((item) => {
      const { value, text = value } = isObject(item) ? item : { value: item };
      const isWord = ["string", "number", "boolean"].includes(typeof value);
      return isWord ? [{ value: words(value), label: words(text) }] : [];
    }),
  };
}

/** Words for people: no HTML. */
function words(value: unknown): string {
  if (!["string", "number", "boolean"].includes(typeof value)) return "";
  return cutText(
    String(value)
      .replace(/<[^<>]*>/g, "")
      .trim(),
    LAUNCHER_SETTINGS.words,
  );
}

function commandsOf({ method, params }: Record<string, unknown>, folder: string): ScriptSettings["commands"] {
  if (method !== "shell.run" || !isObject(params)) return [];
  const path = params["path"] ?? params["cwd"];
  const place = path === undefined || path === null ? folder : typeof path === "string" ? below(folder, path) : null;
  const lines = [params["message"], params["script"]].flatMap((message): unknown[] =>
    Array.isArray(message) ? message : [message],
  );
  return lines
    .filter((line): line is string => typeof line === "string" && line.trim() !== "")
    .flatMap(linesOf)
    .map((line) => ({ line: cutText(line, LAUNCHER_SETTINGS.command), folder: place }));
}

/** A template that is the whole line is mostly a choice between lines, which stand in it as texts. */
function linesOf(line: string): string[] {
  if (!/^\s*\{\{[^]*\}\}\s*$/.test(line)) return [line];
  const texts = [...line.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\$]|\\.)*)`/g)].map(
    ([, single, double, back]) => single ?? double ?? back ?? "",
  );
  const commands = texts.filter((text) => text.trim().includes(" "));
  return commands.length === 0 ? [line] : commands;
}

/** Null for what is not known before it runs, or lies outside of the app's folder. */
function below(folder: string, path: string): string | null {
  if (path.includes("{{") || isAbsolute(path) || /^(?:~|[a-z]+:)/i.test(path)) return null;
  const whole = normalize(join(folder, path));
  return whole === ".." || whole.startsWith("../") ? null : whole;
}

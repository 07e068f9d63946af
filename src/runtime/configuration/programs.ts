import { basename, join } from "node:path";
import { commandsIn, type CommandWord, programOf } from "../base/command-words.js";
import { namesIn } from "../base/names-in.js";
import { isSameProgram, isValue } from "../base/own-arguments.js";
import type { LauncherSettings } from "../protocol/launcher.js";
import { type DeclaredFlag, declaredFlags } from "./argparse.js";
import type { AppPlace } from "./finders/finder.js";
import { KNOWN_FLAGS, type KnownFlag } from "./known/flags.js";
import { readTextFile } from "./text-file.js";

/** A program that a script starts, with the flags that it has or may get. */
export interface Program {
  words: string[];
  flags: Map<string, WrittenFlag>;
}

export interface WrittenFlag extends KnownFlag {
  /** As the script has it: true for one that stands alone, null where it has none. */
  written: string | true | null;
  /** What the program takes where none is given. */
  usual?: string;
}

export function programsOf(app: AppPlace, { commands }: LauncherSettings["scripts"][number]): Program[] {
  const programs: Program[] = [];
  for (const { line, folder } of commands) {
    for (const words of commandsIn(line) ?? []) {
      const { program, rest } = programOf(words);
      if (program.length === 0 || isTool(program)) continue;
      const flags = flagsIn(rest);
      const before = programs.find((one) => isSameProgram(one.words, program));
      if (before !== undefined) {
        leaveOpen(before.flags, flags);
        continue;
      }
      if (folder !== null) addDeclared(flags, flagsDeclaredBy(app.folder, folder, program));
      if (flags.size > 0) programs.push({ words: program, flags: wellKnownFirst(flags) });
    }
  }
  return programs;
}

function flagsIn(words: readonly CommandWord[]): Map<string, WrittenFlag> {
  const flags = new Map<string, WrittenFlag>();
  words.forEach(({ text }, at) => {
    const [, flag, given] = /^(--[A-Za-z][\w.-]*)(?:=([^]*))?$/.exec(text) ?? [];
    if (flag === undefined) return;
    const next = words[at + 1]?.text;
    const known = KNOWN_FLAGS[flag];
    const value = given ?? (known?.takes !== "alone" && next !== undefined && isValue(next) ? next : true);
    flags.set(flag, { ...(known ?? unknownFlag(flag, value)), written: value });
  });
  return flags;
}

/** A script that starts the same program in several ways decides what they do not share. */
function leaveOpen(flags: Map<string, WrittenFlag>, other: ReadonlyMap<string, WrittenFlag>): void {
  for (const [flag, known] of flags) {
    if (known.written === null || other.get(flag)?.written === known.written) continue;
    flags.set(flag, { ...known, written: known.takes === "alone" ? null : "{{}}" });
  }
}

/** What the script has written, then what many apps share, then the rest. */
function wellKnownFirst(flags: ReadonlyMap<string, WrittenFlag>): Map<string, WrittenFlag> {
  const rank = ([flag, { written }]: [string, WrittenFlag]): number =>
    written !== null ? 0 : Object.hasOwn(KNOWN_FLAGS, flag) ? 1 : 2;
  return new Map([...flags].sort((a, b) => rank(a) - rank(b)));
}

const TOOLS =
  /^(?:pip[\d.]*|git|conda|mamba|micromamba|apt(?:-get)?|brew|winget|cd|mkdir|rm|rmdir|cp|mv|echo|ln|curl|wget|hf|huggingface-cli|export|set|source|cmake|make|ninja|tar|unzip|7z|dir|ls|cat|copy|xcopy|move|del|powershell|cmd|reg|touch|chmod|sed|awk|where|which|sleep|poetry|rustup|cargo|nvcc)$/;
const PACKAGE_WORK =
  /^(?:install|ci|i|add|build|rebuild|update|upgrade|uninstall|remove|link|config|cache|audit|init)$/;

function isTool(program: readonly string[]): boolean {
  const [first = "", ...rest] = program;
  const name = basename(first);
  if (TOOLS.test(name)) return true;
  if (name === "uv") return rest[0] !== "run";
  if (/^(?:npm|pnpm|yarn|bun)$/.test(name)) return PACKAGE_WORK.test(rest[0] ?? "install") || rest[1] === "build";
  const at = rest.indexOf("-m");
  return at >= 0 && /^(?:pip|venv|ensurepip|compileall|site|spacy|nltk|playwright)$/.test(rest[at + 1] ?? "");
}

function unknownFlag(flag: string, value: string | true): KnownFlag {
  const number = value !== true && /^-?\d+(?:\.\d+)?$/.test(value);
  return { label: "", help: "", takes: value === true ? "alone" : number ? "number" : "text" };
}

/** What the program itself says it takes. */
function addDeclared(flags: Map<string, WrittenFlag>, declared: readonly DeclaredFlag[]): void {
  for (const { flag, takes, help, default: usual, choices, many } of declared) {
    const before = flags.get(flag);
    const known = KNOWN_FLAGS[flag];
    flags.set(flag, {
      label: before?.label ?? known?.label ?? "",
      help: help === "" ? (known?.help ?? "") : help,
      ...(usual === null ? {} : { usual }),
      ...(many ? { takes: "text" as const, many } : takenBy(known, takes, choices)),
      written: before?.written ?? null,
    });
  }
}

/** Its choices are the program's own; else what is known of a flag says more than the text of a program. */
function takenBy(
  known: KnownFlag | undefined,
  takes: KnownFlag["takes"],
  choices: readonly string[],
): Pick<KnownFlag, "takes" | "choices"> {
  if (choices.length > 0) return { takes: "choice", choices: choices.map((value) => ({ value, label: value })) };
  if (known === undefined || takes === "alone" || ["alone", "text"].includes(known.takes)) return { takes };
  return { takes: known.takes, ...(known.choices === undefined ? {} : { choices: known.choices }) };
}

const MOST_FILES = 12;
const OF_ARGUMENTS =
  /(?:^|_)(?:args?|arguments?|argparser?|options?|cli|cmd|parser|params|flags|config|settings|launch|server|shared)(?:_|\d|$)/i;

/** Read in the program's own file, and in those of its modules that are called after arguments. */
function flagsDeclaredBy(app: string, folder: string, program: readonly string[]): DeclaredFlag[] {
  const script = program.find((word) => /\.py$/.test(word));
  if (script === undefined || script.includes("{{") || script.startsWith("/")) return [];
  const start = join(folder, script);
  const main = textOf(app, start);
  if (main === null) return [];
  const modules = [...main.matchAll(/^\s*(?:from\s+([\w.]+)\s+import\s+([\w, ]+)|import\s+([\w.]+))/gm)].flatMap(
    ([, from, names, plain]) => {
      const base = (from ?? plain ?? "").replace(/^\.+/, "");
      return [base, ...(names ?? "").split(",").map((name) => `${base}.${name.trim()}`)];
    },
  );
  const named = modules.filter((name) => OF_ARGUMENTS.test(name.split(".").at(-1) ?? ""));
  const root = join(start, "..");
  const beside = pythonIn(join(app, root)).filter((name) => OF_ARGUMENTS.test(name.replace(/\.py$/, "")));
  const files = [...new Set([...named.map((name) => `${name.replaceAll(".", "/")}.py`), ...beside])].slice(
    0,
    MOST_FILES,
  );
  return [main, ...files.map((file) => textOf(app, join(root, file)) ?? "")].flatMap(declaredFlags);
}

const pythonIn = (folder: string): string[] => namesIn(folder).filter((name) => name.endsWith(".py"));

function textOf(app: string, file: string): string | null {
  try {
    return readTextFile(app, join(app, file), file)?.text ?? null;
  } catch {
    return null;
  }
}

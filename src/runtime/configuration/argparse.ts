import type { KnownFlag } from "./known/flags.js";

/** A flag that a Python program declares, as far as its text tells. */
export interface DeclaredFlag {
  flag: string;
  takes: KnownFlag["takes"];
  help: string;
  default: string | null;
  choices: string[];
  /** It takes several words. */
  many: boolean;
}

const CALL = /\.add_argument\(/g;
const MOST_CALL = 4_000;
const MOST_FLAGS = 300;

/** Reads `add_argument("--name", …)` calls. Nothing is run; what is not written out plainly is left unknown. */
export function declaredFlags(text: string): DeclaredFlag[] {
  const found = new Map<string, DeclaredFlag>();
  for (const call of text.matchAll(CALL)) {
    const from = call.index + call[0].length;
    const args = argumentsAt(text, from);
    const flag = args === null ? null : flagOf(args);
    if (flag !== null && !found.has(flag.flag)) found.set(flag.flag, flag);
    if (found.size >= MOST_FLAGS) break;
  }
  return [...found.values()];
}

function flagOf(args: readonly string[]): DeclaredFlag | null {
  const positional = args.filter((arg) => !/^[A-Za-z_]\w*\s*=(?!=)/.test(arg)).map(textIn);
  const flag = positional.find((name) => name?.startsWith("--") === true);
  if (flag === undefined || flag === null || flag === "--help" || flag === "--version") return null;
  const named = new Map(
    args.flatMap((arg) => {
      const [, name, value] = /^([A-Za-z_]\w*)\s*=(?!=)\s*([^]*)$/.exec(arg) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value.trim()] as const];
    }),
  );
  const help = textIn(named.get("help") ?? "") ?? "";
  if (/SUPPRESS/.test(named.get("help") ?? "")) return null;
  const choices = listIn(named.get("choices") ?? "");
  const usual = named.get("default");
  return {
    flag,
    takes: takes(named, choices, flag),
    many: /^["'][+*]["']$|^[2-9]/.test(named.get("nargs") ?? ""),
    help: help
      .replaceAll("%%", "%")
      .replaceAll("%(default)s", usual ?? "")
      .slice(0, 500),
    default: usual === undefined ? null : (textIn(usual) ?? (/^-?\d+(?:\.\d+)?$/.test(usual) ? usual : null)),
    choices,
  };
}

function takes(named: ReadonlyMap<string, string>, choices: readonly string[], flag: string): KnownFlag["takes"] {
  if (/^["']store_(?:true|false|const)["']$|BooleanOptionalAction/.test(named.get("action") ?? "")) return "alone";
  if (/^["'][+*]["']$|^[2-9]/.test(named.get("nargs") ?? "")) return "text";
  if (choices.length > 0) return "choice";
  if (/-port$/.test(flag) || flag === "--port") return "port";
  return /^(?:int|float)$/.test(named.get("type") ?? "") ? "number" : "text";
}

/** The arguments of a call, each as it is written, or null where the call does not end. */
function argumentsAt(text: string, from: number): string[] | null {
  const args: string[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < text.length && at - from < MOST_CALL;) {
    const quoted = /^(?:[rRbBuUfF]{0,2})("""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')/.exec(
      text.slice(at, at + MOST_CALL),
    );
    const letter = text[at] ?? "";
    if (quoted !== null) at += quoted[0].length;
    else if (letter === "#") at = endOfLine(text, at);
    else {
      if ("([{".includes(letter)) depth++;
      else if (")]}".includes(letter)) {
        if (depth === 0) {
          args.push(text.slice(start, at).trim());
          return args.filter((arg) => arg !== "");
        }
        depth--;
      } else if (letter === "," && depth === 0) {
        args.push(text.slice(start, at).trim());
        start = at + 1;
      }
      at++;
    }
  }
  return null;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** A text, also one in several pieces; null for what is computed. */
function textIn(written: string): string | null {
  const inner = written.trim().replace(/^\(([^]*)\)$/, "$1");
  const pieces = [...inner.matchAll(/[rRuU]?("""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')/g)];
  const between = inner
    .replace(/[rRuU]?("""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')/g, "")
    .trim();
  if (pieces.length === 0 || between !== "") return null;
  return pieces
    .map(([, piece = ""]) => (/^("""|''')/.test(piece) ? piece.slice(3, -3) : piece.slice(1, -1)))
    .map((piece) => piece.replace(/\\n/g, "\n").replace(/\\(["'\\])/g, "$1"))
    .join("")
    .replace(/\s+/g, " ")
    .trim();
}

function listIn(written: string): string[] {
  const inner = /^[[({]([^]*)[\])}]$/.exec(written.trim())?.[1];
  if (inner === undefined) return [];
  const parts = inner
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const words = parts.map((part) => textIn(part) ?? (/^-?\d+(?:\.\d+)?$/.test(part) ? part : null));
  return words.every((word) => word !== null) ? words : [];
}

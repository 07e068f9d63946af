import type { CheckMachine } from "../protocol/check.js";
import { isObject } from "../script/script.js";

/** One program that a command line calls. */
export interface Command {
  program: string;
  text: string;
  /** It runs only when the one before it did not work. */
  isFallback: boolean;
}

/** The command lines in a step's parameters, one text each. */
export function linesOf(method: string, params: unknown): string[] {
  if (!isObject(params)) return [];
  if (/^shell\.(?:run|start|enter|write)$/.test(method) || method === "exec") {
    const { script, message } = params;
    if (script === undefined || script === null) return textsOf(message);
    return [...(Array.isArray(message) ? textsOf(message) : []), ...textsOf(script)];
  }
  if (/^hf\.(?:download|upload)$/.test(method)) return [`hf ${method.slice(3)} ${textsOf(params["_"]).join(" ")}`];
  return [];
}

function textsOf(message: unknown): string[] {
  if (typeof message === "string") return message.trim() === "" ? [] : [message];
  if (Array.isArray(message)) return message.flatMap(textsOf);
  if (!isObject(message)) return [];
  const words = message["_"];
  return [(Array.isArray(words) ? words : [words]).map(String).join(" ")];
}

const SEPARATOR = /&&|\|\||[;|\n]|(?<!>)&(?!>)/y;

/** Takes a command line apart, outside of quotes. */
export function commandsIn(line: string): Command[] {
  const found: Command[] = [];
  let text = "";
  let quote = "";
  let isFallback = false;
  const end = (separator: string): void => {
    const command = commandOf(text.trim(), isFallback);
    if (command !== null) found.push(command);
    text = "";
    isFallback = separator === "||" || (isFallback && separator !== ";" && separator !== "\n");
  };
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] as string;
    if (quote !== "") {
      if (letter === quote) quote = "";
      text += letter;
      continue;
    }
    SEPARATOR.lastIndex = at;
    const separator = SEPARATOR.exec(line)?.[0];
    if (separator !== undefined) {
      end(separator);
      at += separator.length - 1;
      continue;
    }
    if (letter === '"' || letter === "'") quote = letter;
    text += letter;
  }
  end("\n");
  return found;
}

/** Words that stand in front of the program. */
const PREFIX = /^(?:\(|\{ |!|then |do |else |if |while |sudo (?:-\S+ )*|env |exec |nohup |time |[A-Za-z_]\w*=\S* )\s*/;

function commandOf(text: string, isFallback: boolean): Command | null {
  let rest = text;
  while (PREFIX.test(rest)) rest = rest.replace(PREFIX, "");
  const [, quoted, bare] = /^(?:"([^"]*)"|'[^']*'|(\S+))/.exec(rest) ?? [];
  const program = quoted ?? bare ?? "";
  return program === "" || program.startsWith("#") ? null : { program, text, isFallback };
}

const WINDOWS_PROGRAMS = new Set(
  "cmd powershell powershell.exe winget choco scoop taskkill wmic robocopy xcopy setx rmdir/s conda_hook reg".split(
    " ",
  ),
);
const LINUX_PROGRAMS = new Set("apt apt-get dnf yum pacman zypper systemctl".split(" "));
const MAC_PROGRAMS = new Set("brew osascript launchctl xcode-select softwareupdate".split(" "));

const PLATFORM_NAMES = { linux: "Linux", darwin: "macOS", win32: "Windows" } as const;
type Platform = CheckMachine["platform"];

export const platformName = (platform: Platform): string => PLATFORM_NAMES[platform];

/** The platform that a program is made for, when it is not this one. */
export function foreignPlatform({ program, text }: Command, { platform }: CheckMachine): Platform | null {
  const made = platformOf(program.toLowerCase(), text);
  return made === platform ? null : made;
}

/** Whether a program of this name is made for other platforms alone. */
export const isForeignProgram = (name: string, machine: CheckMachine): boolean =>
  foreignPlatform({ program: name, text: name, isFallback: false }, machine) !== null;

function platformOf(program: string, text: string): Platform | null {
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (WINDOWS_PROGRAMS.has(name) || /\.(?:exe|bat|cmd|ps1)$/.test(name)) return "win32";
  if (/^[\w.-]+\\[\w.\\-]+$/.test(program)) return "win32";
  if (program === "start" && /^start\s+(?:""|\/|http)/.test(text)) return "win32";
  if (LINUX_PROGRAMS.has(name)) return "linux";
  return MAC_PROGRAMS.has(name) ? "darwin" : null;
}

const WHEELS: [RegExp, Platform][] = [
  [/[-_]win(?:_amd64|32|_arm64)\.whl/, "win32"],
  [/(?:manylinux\w*|linux)_(?:x86_64|aarch64)\.whl/, "linux"],
  [/macosx_\w+\.whl/, "darwin"],
];

/** A Python package file that is made for another platform: installing it ends with an error. */
export function foreignWheel(text: string, { platform }: CheckMachine): { file: string; platform: Platform } | null {
  for (const [pattern, made] of WHEELS) {
    const file = new RegExp(`[^\\s"'/]*${pattern.source}`).exec(text)?.[0];
    if (file !== undefined && made !== platform && !text.includes("sys_platform")) return { file, platform: made };
  }
  return null;
}

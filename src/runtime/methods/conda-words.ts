/** What a command line does with conda. */
export interface CondaUse {
  /** Why it must not run: it would change the conda or the Python that everything else stands on. */
  refusal: string | null;
}

const COMMANDS = "install|create|update|upgrade|remove|uninstall|activate|deactivate|env|list|run|info|config|search";
const USE = new RegExp(
  `(?:^|[\\s;&|('"\`])(?:conda|mamba|micromamba)['"]?\\s+['"]?(?:${COMMANDS}|clean|shell\\.\\w+)\\b`,
);

/** Null for a command that has nothing to do with conda, which is nearly every one. */
export function condaUseIn(line: string, isOwnEnvironment: boolean): CondaUse | null {
  if (!USE.test(line)) return null;
  return { refusal: refusalOf(line, isOwnEnvironment) };
}

const CHANGING = new Set(["install", "update", "upgrade", "remove", "uninstall", "create"]);
const PROTECTED = new Set(["conda", "python", "conda-libmamba-solver"]);
const WITH_VALUE = new Set([
  "-c",
  "--channel",
  "-f",
  "--file",
  "-n",
  "--name",
  "-p",
  "--prefix",
  "--revision",
  "--solver",
]);

/** Looks at each command of the line; an `activate` counts for those behind it. */
function refusalOf(line: string, isOwnEnvironment: boolean): string | null {
  let isBase = !isOwnEnvironment;
  for (const segment of segmentsOf(line)) {
    const words = wordsIn(segment);
    const at = words.findIndex((word) => /(?:^|\/)(?:conda|mamba|micromamba)$/.test(word));
    if (at < 0 || words.slice(0, at).some((word) => !isPrefix(word))) continue;
    const [command = "", ...rest] = words.slice(at + 1);
    if (command === "activate") isBase = rest.length === 0 || rest[0] === "base";
    if (command === "deactivate") isBase = true;
    if (!CHANGING.has(command) || rest.some((word) => word === "--dry-run" || word === "-d")) continue;
    const target = targetOf(rest);
    const meansBase = target === null ? isBase && command !== "create" : isNameOfBase(target);
    const found = meansBase ? protectedIn(rest, command) : null;
    if (found !== null) return found;
  }
  return null;
}

/** What may stand before the program: assignments and programs that start it. */
const isPrefix = (word: string): boolean =>
  /^[A-Za-z_]\w*=/.test(word) || ["sudo", "env", "time", "command"].includes(word);

function targetOf(words: readonly string[]): string | null {
  for (const [index, word] of words.entries()) {
    if (["-n", "--name", "-p", "--prefix"].includes(word)) return words[index + 1] ?? "";
    const [, value] = /^--(?:name|prefix)=(.*)$/.exec(word) ?? [];
    if (value !== undefined) return value;
  }
  return null;
}

const isNameOfBase = (target: string): boolean =>
  target === "base" || /\/bin\/mini(?:forge|conda)\/?$/.test(target) || target === "root";

function protectedIn(words: readonly string[], command: string): string | null {
  if (words.includes("--all") && command !== "install") return `${command} --all`;
  const packages = words.filter((word, index) => !word.startsWith("-") && !WITH_VALUE.has(words[index - 1] ?? ""));
  return packages.find((word) => PROTECTED.has(nameOf(word))) ?? null;
}

const nameOf = (spec: string): string => (spec.split("::").at(-1) ?? spec).replace(/[<>=!~ [].*$/s, "").toLowerCase();

/** Splits where the shell begins another command; what is quoted stays together. */
const segmentsOf = (line: string): string[] =>
  (line.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^;&|\n"'\\])+/g) ?? []).map((segment) => segment.trim());

const wordsIn = (segment: string): string[] =>
  (segment.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? []).map((word) => word.replace(/["'\\]/g, ""));

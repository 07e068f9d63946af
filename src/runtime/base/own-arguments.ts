import { ANY_WORDS, commandsIn, type CommandWord, programOf, quotedWord } from "./command-words.js";

/** What a person wants of one command of a script, without a change to the script. */
export interface OwnArguments {
  /** What the command starts, as its author wrote it; a word with `{{…}}` in it stands for any. */
  program: string[];
  flags: OwnFlag[];
}

export interface OwnFlag {
  flag: string;
  /** What it is set to; true for one that stands alone, null to leave out what the script has written. */
  value: string | true | null;
  /** It stands alone: a word behind it is somebody else's. */
  alone?: boolean | undefined;
  /** Its value is several words. */
  many?: boolean | undefined;
}

/** A command line with what a person wants of it; as it was where it starts none of the programs. */
export function withOwnArguments(line: string, wanted: readonly OwnArguments[]): string {
  const commands = wanted.length === 0 ? null : commandsIn(line);
  let result = line;
  // From the end, so that places further in front stay what they are.
  for (const words of [...(commands ?? [])].reverse()) {
    const { program, rest } = programOf(words);
    const meant = wanted.find((one) => isSameProgram(one.program, program));
    if (meant !== undefined) result = changed(result, program, { words, rest }, meant.flags);
  }
  return result;
}

export function isSameProgram(written: readonly string[], started: readonly string[]): boolean {
  const isOpen = written.at(-1) === ANY_WORDS && started.at(-1) !== ANY_WORDS;
  const words = isOpen ? written.slice(0, -1) : written;
  const isLong = isOpen ? started.length >= words.length : started.length === words.length;
  return isLong && words.every((word, at) => isSameWord(word, started[at] ?? ""));
}

function isSameWord(written: string, started: string): boolean {
  if (!written.includes("{{")) return written === started;
  const parts = written.split(/\{\{.*?\}\}/g).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(started);
}

interface Place {
  from: number;
  to: number;
  text: string;
}

function changed(
  line: string,
  program: readonly string[],
  { words, rest }: { words: readonly CommandWord[]; rest: readonly CommandWord[] },
  flags: readonly OwnFlag[],
): string {
  const places: Place[] = [];
  const added: string[] = [];
  for (const { flag, value, alone = value === true, many = false } of flags) {
    const found = placesOf(rest, flag, alone ? 0 : many ? Infinity : 1);
    const put = value === null ? null : writtenFlag(flag, value, many);
    if (found.length === 0 && put !== null) added.push(put);
    for (const [at, { from, to }] of found.entries()) {
      const isKept = put !== null && at === found.length - 1; // the last one counts where it stands twice
      places.push({ from: isKept ? from : gapBefore(line, from), to, text: isKept ? put : "" });
    }
  }
  const end = words.at(-1)?.to ?? line.length;
  if (added.length > 0) {
    const bare = isNpmScript(program) && !rest.some(({ text }) => text === "--") ? ["--"] : [];
    places.push({ from: end, to: end, text: [" ", [...bare, ...added].join(" ")].join("") });
  }
  places.sort((a, b) => b.from - a.from || b.to - a.to);
  return places.reduce((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), line);
}

/** Npm keeps what stands in front of `--` for itself. */
const isNpmScript = ([first = "", second]: readonly string[]): boolean =>
  /(?:^|\/)npm$/.test(first) && (second === "run" || second === "start" || second === "exec");

function writtenFlag(flag: string, value: string | true, many: boolean): string {
  if (value === true) return flag;
  const words = many ? value.split(/\s+/).filter((word) => word !== "") : [value];
  return [flag, ...words.map(quotedWord)].join(" ");
}

const gapBefore = (line: string, from: number): number => line.slice(0, from).trimEnd().length;

/** Where a flag stands, with its value. */
function placesOf(rest: readonly CommandWord[], flag: string, most: number): Omit<Place, "text">[] {
  return rest.flatMap((word, at) => {
    if (word.text.startsWith(`${flag}=`)) return [{ from: word.from, to: word.to }];
    if (word.text !== flag) return [];
    let last = at;
    while (last - at < most && isValue(rest[last + 1]?.text ?? "-")) last++;
    return [{ from: word.from, to: rest[last]?.to ?? word.to }];
  });
}

/** A negative number is a value; any other word with a dash in front is the next flag. */
export const isValue = (word: string): boolean => !word.startsWith("-") || /^-\d/.test(word);

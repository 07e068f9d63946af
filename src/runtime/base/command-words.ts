/** One word of a command line: where it stands, and what a shell makes of its quotes. */
export interface CommandWord {
  from: number;
  to: number;
  text: string;
}

const OPERATOR = /^(?:&&|\|\||[;|&\n])/;
const REDIRECTION = /^(?:\d*(?:>>|>&|>|<)|&>>?)/;

/**
 * The commands of a line, each as its words, without what it is redirected to. Null for a line that holds more than
 * that, such as another command in `$(…)`: then nobody can say where a word of it ends up. `{{…}}` is part of a word.
 */
export function commandsIn(line: string): CommandWord[][] | null {
  const commands: CommandWord[][] = [[]];
  let isTarget = false;
  for (let at = 0; at < line.length;) {
    const rest = line.slice(at);
    const blank = /^(?:[ \t]|\\\n)+/.exec(rest)?.[0];
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    if (rest.startsWith("#")) {
      const end = line.indexOf("\n", at);
      at = end < 0 ? line.length : end;
      continue;
    }
    if (/^(?:<<|[<>]\(|[()])/.test(rest)) return null;
    const redirection = REDIRECTION.exec(rest)?.[0];
    if (redirection !== undefined) {
      at += redirection.length;
      isTarget = true;
      continue;
    }
    const operator = OPERATOR.exec(rest)?.[0];
    if (operator !== undefined) {
      at += operator.length;
      commands.push([]);
      isTarget = false;
      continue;
    }
    const word = readWord(line, at);
    if (word === null) return null;
    if (!isTarget) commands.at(-1)?.push(word);
    isTarget = false;
    at = word.to;
  }
  return commands.filter((words) => words.length > 0);
}

function readWord(line: string, from: number): CommandWord | null {
  let text = "";
  let at = from;
  while (at < line.length) {
    const letter = line[at] ?? "";
    if (line.startsWith("{{", at)) {
      const end = line.indexOf("}}", at);
      if (end < 0) return null;
      text += line.slice(at, end + 2);
      at = end + 2;
    } else if (/[\s;|&<>()]/.test(letter)) break;
    else if (letter === "`" || line.startsWith("$(", at)) return null;
    else if (letter === "'" || letter === '"') {
      const quoted = letter === "'" ? /^'([^']*)'/ : /^"((?:[^"\\]|\\[^])*)"/;
      const found = quoted.exec(line.slice(at));
      if (found === null || (letter === '"' && /`|\$\(/.test(found[0]))) return null;
      text += letter === "'" ? found[1] : (found[1] ?? "").replace(/\\(["\\$`\n])/g, "$1");
      at += found[0].length;
    } else if (letter === "\\") {
      text += line[at + 1] ?? "";
      at += 2;
    } else {
      text += letter;
      at += 1;
    }
  }
  return { from, to: Math.min(at, line.length), text };
}

/** A word as a shell reads it back, whatever is in it. */
export const quotedWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const INTERPRETER = /(?:^|\/)(?:python[\d.]*|py|pypy\d?)(?:\.exe)?$/;

/**
 * What a command starts, as far as its first flag: `python -m server` of `python -m server --port 1`. Variables in front
 * of it do not count.
 */
export function programOf(words: readonly CommandWord[]): { program: string[]; rest: CommandWord[] } {
  const own = words.slice(words.findIndex(({ text }) => !ASSIGNMENT.test(text)));
  if (own.length === 0 || ASSIGNMENT.test(own[0]?.text ?? "=")) return { program: [], rest: [] };
  let count = 1;
  if (INTERPRETER.test(own[0]?.text ?? "")) {
    // What the interpreter itself is told, up to the file or module that it runs.
    while (own[count]?.text.startsWith("-") === true && own[count]?.text !== "-m") count++;
    if (own[count]?.text === "-m") count++;
    if (count < own.length) count++;
  }
  const needed = count;
  while (count < own.length && !/^-|^\{\{/.test(own[count]?.text ?? "-")) count++;
  const program = own.slice(0, Math.max(count, needed)).map(({ text }) => text);
  const isOpen = own[count]?.text.startsWith("{{") === true;
  return { program: isOpen ? [...program, ANY_WORDS] : program, rest: own.slice(count) };
}

/** Stands at the end of a program for words that only its script knows, when it runs. */
export const ANY_WORDS = "{{*}}";

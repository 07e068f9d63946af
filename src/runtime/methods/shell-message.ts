/** What a step types into its shell, decided: one command line per shell. */
export interface Command {
  line: string;
  /** Values of several lines, which cannot stand in a command line. */
  variables: Record<string, string>;
}

/** The words between the commands of a list that runs in one shell. */
const CHAINS: Record<string, string> = { "&": "&&", "|": "||", "*": ";" };

/**
 * A text is one command line; an object is a command's words; a list is one shell per entry, or one shell for all of
 * them when they are chained. Entries that came to nothing are left out.
 */
export function commandsOf(message: unknown, chain: unknown, { isActivated = false } = {}): Command[] {
  if (!Array.isArray(message)) return [commandOf(message)];
  const given = (message as unknown[]).filter(Boolean);
  if (!chain) return given.length === 0 && message.length === 0 ? [EMPTY] : given.map((one) => commandOf(one));
  const variables: Record<string, string> = {}; // one shell has one set of them
  const commands = given.map((one) => commandOf(one, variables)).filter(({ line }) => line.trim() !== "");
  const word = CHAINS[String(chain)] ?? "&&";
  // What activates the environment is the first of the chain: after "||" nothing follows once that has worked.
  const before = isActivated && word === "||" ? ["true"] : [];
  return [
    {
      line: [...before, ...commands.map(({ line }) => line)].join(` ${word} `),
      variables,
    },
  ];
}

const EMPTY: Command = { line: "", variables: {} };

function commandOf(message: unknown, variables: Record<string, string> = {}): Command {
  if (message === undefined || message === null || message === false) return EMPTY;
  if (typeof message === "object") return structured(message as Record<string, unknown>, variables);
  return { line: String(message), variables: {} };
}

/** `{_: ["pip", "install", "x"], upgrade: true}` becomes `'pip' 'install' 'x' '--upgrade'`. */
function structured(message: Record<string, unknown>, variables: Record<string, string>): Command {
  const quoted = wordsOf(message).map((word) => {
    if (!/[\r\n]/.test(word)) return quote(word);
    const name = `PINOKIO_ARG_${Object.keys(variables).length}`;
    variables[name] = word;
    return `"$${name}"`;
  });
  return { line: quoted.join(" "), variables };
}

/** Words first, then flags in the order of their keys, then what stands after `--`. */
export function wordsOf(message: Record<string, unknown>): string[] {
  const { _: words, "--": after, ...flags } = message;
  const kebab = new Set(Object.keys(flags).filter((key) => key.includes("-")));
  const listed = [...asList(words)];
  for (const [key, value] of Object.entries(flags)) {
    const repeats = /[A-Z]/.test(key) && kebab.has(key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
    if (!repeats) listed.push(...flagWords(key, value));
  }
  const rest = asList(after);
  return rest.length === 0 ? listed : [...listed, "--", ...rest];
}

function flagWords(key: string, value: unknown): string[] {
  if (value === null || value === undefined || isUnresolved(value)) return [];
  const flag = key.startsWith("-") ? key : key.length === 1 ? `-${key}` : `--${key}`;
  if (value === true) return [flag];
  if (value === false) return [`--no-${key}`];
  if (Array.isArray(value)) return value.flatMap((element) => flagWords(key, element));
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([inner, element]) => flagWords(`${key}.${inner}`, element));
  }
  return [flag, String(value)];
}

function asList(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((element) => element !== null && element !== undefined && !isUnresolved(element)).map(String);
}

/** A template that had no value is no argument. */
const isUnresolved = (value: unknown): boolean => typeof value === "string" && /^\{\{.*\}\}$/.test(value);

const quote = (word: string): string => `'${word.replaceAll("'", `'"'"'`)}'`;

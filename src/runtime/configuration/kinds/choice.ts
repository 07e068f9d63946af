import type { Recognise } from "./kind.js";

const LEVELS = ["debug", "info", "warning", "error", "critical"];

/** One of some words: those that its author names beside it, or the levels of a log. */
export const choice: Recognise = ({ name, value, help, isText }) => {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = String(value);
  if (/^(?:log|logging)_?level$|^verbosity$/.test(name) && LEVELS.includes(text.toLowerCase())) {
    const words = text === text.toUpperCase() ? LEVELS.map((word) => word.toUpperCase()) : LEVELS;
    return { kind: "choice", choices: words.map(asChoice), open: true };
  }
  // What somebody has written wrongly does not take the choices away.
  const mayBeWrong = WORD.test(text) || (isText && text === "");
  const said = mayBeWrong ? wordsNamed(help, [SAID]) : [];
  const named = said.length >= 2 ? said : wordsNamed(help, LISTS);
  if (said.length < 2 && (named.length < 2 || !named.includes(text))) return null;
  return { kind: "choice", choices: named.map(asChoice), open: true };
};

const asChoice = (value: string) => ({ value, label: value });

const LISTS = [
  /(?:(?:available|allowed|possible|valid)\s+)?(?:one of|options?(?: are)?|choices?(?: are)?|choose(?: from| between)?|values?(?: are)?|either|can be|available|allowed)\s*:?\s*([^\n.;]+)/i,
  /[[({<]([^\])}>\n]*(?:[|,/]|\bor\b)[^\])}>\n]*)[\])}>]/,
  /^\s*([\w.+-]+(?:\s*\|\s*[\w.+-]+)+)\s*$/m,
];
/** Words that leave no doubt: a list of all there is follows. */
const SAID =
  /\b(?:one of|(?:allowed|valid|possible|available) (?:values?|options?|choices?)|choices|choose (?:from|between))\b(?:\s+are)?\s*:?\s*([^\n.;]+)/i;
const WORD = /^[\w.+-]{1,40}$/;

/** Words in a list, as authors write it: "one of: a, b or c", "(a | b)", "a/b". */
function wordsNamed(help: string, lists: readonly RegExp[]): string[] {
  for (const list of lists) {
    const found = list.exec(help)?.[1];
    if (found === undefined) continue;
    const parts = found
      .split(/\s*[,|/]\s*|\s+or\s+|\s+and\s+/)
      .map((part) =>
        part
          .trim()
          .replace(/^["'`([]+|["'`)\]]+$/g, "")
          .replace(/^(?:or|and)\s+/, ""),
      )
      .filter((part) => part !== "" && part !== "...");
    if (parts.length >= 2 && parts.length <= 40 && parts.every((part) => WORD.test(part))) return [...new Set(parts)];
  }
  return [];
}

import type { Recognise } from "./kind.js";

const LEVELS = ["debug", "info", "warning", "error", "critical"];

/** One of some words: those that its author names beside it, or the levels of a log. */
export const choice: Recognise = ({ name, value, help }) => {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = String(value);
  if (/^(?:log|logging)_?level$|^verbosity$/.test(name) && LEVELS.includes(text.toLowerCase())) {
    const words = text === text.toUpperCase() ? LEVELS.map((word) => word.toUpperCase()) : LEVELS;
    return { kind: "choice", choices: words.map(asChoice), open: true };
  }
  const named = wordsNamed(help);
  if (named.length < 2 || !named.includes(text)) return null;
  return { kind: "choice", choices: named.map(asChoice), open: true };
};

const asChoice = (value: string) => ({ value, label: value });

const LISTS = [
  /(?:(?:available|allowed|possible|valid)\s+)?(?:one of|options?(?: are)?|choices?(?: are)?|choose(?: from| between)?|values?(?: are)?|either|can be|available|allowed)\s*:?\s*([^\n.;]+)/i,
  /[[({<]([^\])}>\n]*(?:[|,/]|\bor\b)[^\])}>\n]*)[\])}>]/,
  /^\s*([\w.+-]+(?:\s*\|\s*[\w.+-]+)+)\s*$/m,
];
const WORD = /^[\w.+-]{1,40}$/;

/** Words in a list, as authors write it: "one of: a, b or c", "(a | b)", "a/b". */
function wordsNamed(help: string): string[] {
  for (const list of LISTS) {
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

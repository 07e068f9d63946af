import { envLines, quoteEnvValue, setInEnvText } from "../../base/env-file.js";
import { commentAround, type Format, lineStartOf, type Plain, type Written } from "./format.js";

/** Variables as dotenv reads them: Pinokio's ENVIRONMENT, and what apps call `.env`. */
export const env: Format = {
  name: "env",
  endings: ["environment", "_environment", ".env", ".env.local"],
  read: (text) => {
    const latest = new Map<string, Written>();
    const twice = new Set<string>();
    for (const { name, value, from, to } of envLines(text)) {
      if (latest.has(name)) twice.add(name);
      const comment = commentAround(text, lineStartOf(text, from), to, /^#/);
      latest.set(name, { path: [name], value, from, to, comment });
    }
    const notes = [...twice].map((name) => `${name} stands there more than once; the last one counts`);
    return { values: [...latest.values()], others: 0, notes };
  },
  write: (value, before, text) => {
    const { from, to } = before;
    const put = written(textOf(value), text.slice(from, to));
    // Words in place of quotes are read only where their remark is all that stands behind them.
    const end = / # /.test(put) && !/^['"`]/.test(put.slice(-1)) ? to + text.slice(to).search(/\r|\n|$/) : to;
    return { from, to: end, put };
  },
  add: (text, name, value) => {
    const eol = text.includes("\r\n") ? "\r\n" : "\n";
    const more = setInEnvText("", { [name]: value }).replace(/\n$/, eol);
    return text === "" || /[\r\n]$/.test(text) ? text + more : text + eol + more;
  },
  remove: (text, { from, to }) => {
    const start = lineStartOf(text, from);
    const rest = /^[^\r\n]*(?:\r\n|\r|\n|$)/.exec(text.slice(to))?.[0] ?? "";
    return text.slice(0, start) + text.slice(to + rest.length);
  },
};

const textOf = (value: Plain): string => (value === null ? "" : String(value));

/** In the quotes it had, where that says the same. */
function written(value: string, before: string): string {
  const mark = /^(['"`])[\s\S]*\1$/.exec(before)?.[1];
  // Other readers than dotenv give a backslash, and the mark itself, a meaning of their own.
  if (mark === undefined || value === "" || value.includes(mark) || /[\r\n\\]/.test(value)) return quoteEnvValue(value);
  return `${mark}${value}${mark}`;
}

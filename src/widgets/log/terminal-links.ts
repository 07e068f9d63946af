import type { IBuffer, ILink } from "@xterm/xterm";
import { linksIn } from "./links-in.js";

type Lines = Pick<IBuffer, "getLine">;

/** Addresses that a line of a terminal has a part of, and where; lines count from 1, as links do. */
export function linksOfLine(buffer: Lines, line: number): Pick<ILink, "text" | "range">[] {
  let first = line - 1;
  while (first > 0 && buffer.getLine(first)?.isWrapped === true) first--;
  const rows: string[] = [];
  for (let at = first; at === first || buffer.getLine(at)?.isWrapped === true; at++) {
    rows.push(buffer.getLine(at)?.translateToString(false) ?? "");
  }
  const placeOf = (index: number): { x: number; y: number } => {
    let before = 0;
    for (const [at, { length }] of rows.entries()) {
      if (index < before + length || at === rows.length - 1) return { x: index - before + 1, y: first + at + 1 };
      before += length;
    }
    return { x: 1, y: line };
  };
  return linksIn(rows.join(""))
    .map(({ at, url }) => ({ text: url, range: { start: placeOf(at), end: placeOf(at + url.length - 1) } }))
    .filter(({ range }) => range.start.y <= line && range.end.y >= line);
}

import { Buffer } from "node:buffer";
import { LONGEST_SECRET, SHORTEST_SECRET } from "./mask-secrets.js";

/** What to look for in output so that none of these values is seen, each once. */
export function secretBytes(values: Iterable<string>): readonly Buffer[] {
  const wanted = new Set<string>();
  for (const value of values) for (const form of formsOf(value)) wanted.add(form);
  return [...wanted]
    .map((form) => Buffer.from(form, "utf8"))
    .filter(({ length }) => length >= SHORTEST_SECRET && length <= LONGEST_SECRET);
}

/** As programs print a value: as it is, in an address, quoted; and of several lines each, whatever ends them. */
function formsOf(value: string): string[] {
  const lines = value.split(/[\r\n]+/);
  const parts = lines.length > 1 ? lines.map((line) => line.trim()) : [value];
  return parts.flatMap((part) => [part, encoded(part), JSON.stringify(part).slice(1, -1)]);
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text; // half of a character
  }
}

import { Buffer } from "node:buffer";
import { maskSecrets } from "../base/mask-secrets.js";
import { isSecretSetting } from "../protocol/secret-names.js";
import { PinokioError } from "../protocol/errors.js";
import type { Format, Written } from "./formats/format.js";

/** A text with a mark in place of each secret, and what the marks stand for. */
export interface HiddenText {
  text: string;
  secrets: ReadonlyMap<string, string>;
}

const MARK = /«secret [^«»\r\n]*»/g;

/** Hides what names say is secret, and what looks like a token wherever it stands. */
export function hideSecrets(text: string, values: readonly Written[], format: Format["name"]): HiddenText {
  const places = [
    ...values.flatMap(({ path, value, from, to }) => {
      const isSecret = typeof value === "string" && value !== "" && isSecretSetting(path);
      return isSecret ? [{ from, to, name: path.join("."), quoted: format !== "env" }] : [];
    }),
  ];
  for (const { from, to } of tokensIn(text)) {
    const isHidden = places.some((place) => from < place.to && to > place.from);
    if (!isHidden) places.push({ from, to, name: "", quoted: false });
  }
  places.sort((a, b) => a.from - b.from);
  const secrets = new Map<string, string>();
  let hidden = "";
  let at = 0;
  for (const { from, to, name, quoted } of places) {
    const mark = markFor(name.replace(/[«»\r\n"\\]/g, "_"), quoted, secrets);
    secrets.set(mark, text.slice(from, to));
    hidden += text.slice(at, from) + mark;
    at = to;
  }
  return { text: hidden + text.slice(at), secrets };
}

/** By name, so that it is found again in another version of the text. */
function markFor(name: string, quoted: boolean, taken: ReadonlyMap<string, string>): string {
  for (let number = 1; ; number++) {
    const words = name === "" ? String(number) : number === 1 ? name : `${name} ${number}`;
    const mark = quoted ? `"«secret ${words}»"` : `«secret ${words}»`;
    if (!taken.has(mark)) return mark;
  }
}

/** The text with its secrets in place of the marks. */
export function withSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
  let result = text;
  // The longer ones first: a mark in quotes holds one without.
  for (const [mark, raw] of [...secrets].sort(([a], [b]) => b.length - a.length))
    result = result.replaceAll(mark, () => raw);
  const left = result.match(MARK)?.find((mark) => ![...secrets.values()].some((raw) => raw.includes(mark)));
  if (left === undefined) return result;
  throw new PinokioError("request-invalid", `${left} stands for no secret of this file`, {
    hint: "Leave the marks as they are, or write the secret itself in place of one",
  });
}

/** Whether somebody has typed a mark as a value. */
export const holdsMark = (text: string): boolean => new RegExp(MARK.source).test(text);

function tokensIn(text: string): { from: number; to: number }[] {
  const plain = Buffer.from(text, "utf8");
  const masked = Buffer.from(maskSecrets(text), "utf8");
  if (plain.equals(masked)) return [];
  const found: { from: number; to: number }[] = [];
  for (let at = 0; at < plain.length; at++) {
    if (plain[at] === masked[at]) continue;
    let end = at;
    // A star in a secret is one in its mask.
    for (let next = at; next < plain.length && masked[next] === 0x2a; next++)
      if (plain[next] !== masked[next]) end = next;
    found.push({ from: plain.subarray(0, at).toString().length, to: plain.subarray(0, end + 1).toString().length });
    at = end;
  }
  return found;
}

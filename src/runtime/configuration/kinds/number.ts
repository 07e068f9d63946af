import type { Recognise } from "./kind.js";

/** A number, within what is said about it. */
export const number: Recognise = ({ value, isText, help }) => {
  if (typeof value === "number") return { kind: "number", ...range(help, value) };
  const isNumber = isText && typeof value === "string" && /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(value);
  return isNumber ? { kind: "number", ...range(help, Number(value)) } : null;
};

const NUMBER = String.raw`(-?\d+(?:\.\d+)?)`;
const RANGES = [
  new RegExp(String.raw`(?:between|from)\s+${NUMBER}\s+(?:and|to)\s+${NUMBER}`, "i"),
  new RegExp(String.raw`range[^\d\n-]{0,12}${NUMBER}\s*(?:-|–|\.\.+|to|,)\s*${NUMBER}`, "i"),
  new RegExp(String.raw`[[(]\s*${NUMBER}\s*(?:-|–|\.\.+|to|,)\s*${NUMBER}\s*[\])]`, "i"),
];
const LEAST = new RegExp(String.raw`\bmin(?:imum)?\s*(?::|=|is|of)?\s*${NUMBER}`, "i");
const MOST = new RegExp(String.raw`\bmax(?:imum)?\s*(?::|=|is|of)?\s*${NUMBER}`, "i");

/** Bounds that its author names; not those that the value itself breaks. */
export function range(help: string, value: number | null): { min?: number; max?: number } {
  for (const pattern of RANGES) {
    const [, least, most] = (pattern.exec(help) ?? []).map(Number);
    if (
      least !== undefined &&
      most !== undefined &&
      least < most &&
      (value === null || (value >= least && value <= most))
    ) {
      return { min: least, max: most };
    }
  }
  const least = Number(LEAST.exec(help)?.[1] ?? Number.NaN);
  const most = Number(MOST.exec(help)?.[1] ?? Number.NaN);
  return {
    ...((value ?? least) >= least ? { min: least } : {}),
    ...((value ?? most) <= most && !(least > most) ? { max: most } : {}),
  };
}

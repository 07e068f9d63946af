import * as z from "zod";

const MOST_SHOWN = 80;

interface Bounds {
  min?: number | undefined;
  max?: number | undefined;
  whole?: boolean | undefined;
}

/** What is taken where a number is wanted, in words: "a whole number from 0 to 19". */
export function numberWords({ min, max, whole }: Bounds): string {
  const kind = whole === true ? "a whole number" : "a number";
  if (min === undefined) return max === undefined ? kind : `${kind} of at most ${max}`;
  return max === undefined ? `${kind} of at least ${min}` : `${kind} from ${min} to ${max}`;
}

/** A value as a message repeats it. */
export function shownIn(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

/** For a schema whose refusal says what was given and what is taken; not for secrets. */
export const taking = (words: string): { error: (issue: { input?: unknown }) => string } => ({
  error: ({ input }) => `${shownIn(input)} is not ${words}`,
});

/** A number within bounds. */
export function takingNumber({ min = -Infinity, max = Infinity, whole = false }: Bounds): z.ZodNumber {
  const words = taking(numberWords({ ...(min > -Infinity ? { min } : {}), ...(max < Infinity ? { max } : {}), whole }));
  const number = z.number(words).min(min, words).max(max, words);
  return whole ? number.int(words) : number;
}

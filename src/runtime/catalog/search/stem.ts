/** The longest first; what is taken away, and what stands in its place. */
const ENDINGS: readonly (readonly [string, string])[] = [
  ["izations", "iz"],
  ["ization", "iz"],
  ["ations", "at"],
  ["ation", "at"],
  ["ements", ""],
  ["ement", ""],
  ["ators", "at"],
  ["ator", "at"],
  ["ating", "at"],
  ["izing", "iz"],
  ["izer", "iz"],
  ["ions", ""],
  ["ion", ""],
  ["ings", ""],
  ["ing", ""],
  ["ers", ""],
  ["er", ""],
  ["ors", ""],
  ["or", ""],
  ["als", ""],
  ["al", ""],
  ["ies", "y"],
  ["ed", ""],
  ["es", ""],
  ["e", ""],
  ["s", ""],
];

const LEAST = 4;
/** Caption is no bent cap. */
const LEAST_BEFORE_ION = 5;

/** What upscale, upscaler and upscaling have in common. It is compared, never shown, so it need not be a word. */
export function stemOf(word: string): string {
  if (word.length <= LEAST || !/^[a-z]+$/.test(word)) return word;
  for (const [ending, instead] of ENDINGS) {
    if (!word.endsWith(ending)) continue;
    const rest = word.slice(0, -ending.length) + instead;
    if (rest.length < (ending.startsWith("ion") ? LEAST_BEFORE_ION : LEAST)) continue;
    return /([bdgmnprt])\1$/.test(rest) ? rest.slice(0, -1) : rest;
  }
  return word;
}

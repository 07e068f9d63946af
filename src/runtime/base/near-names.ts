/** Of some names those that somebody may have meant, the nearest first. */
export function nearNames(typed: string, names: readonly string[], most = 3): string[] {
  const wanted = typed.toLowerCase();
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({ name, mistakes: mistakesBetween(wanted, name.toLowerCase()) }))
    .filter(({ mistakes }) => mistakes <= allowed)
    .sort((one, other) => one.mistakes - other.mistakes)
    .slice(0, most)
    .map(({ name }) => name);
}

/** How many letters are too many, missing, wrong or swapped. */
function mistakesBetween(one: string, other: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    for (let at = 1; at <= other.length; at++) {
      const isSame = one[row - 1] === other[at - 1];
      const isSwapped = one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      now[at] = Math.min(
        (now[at - 1] ?? 0) + 1,
        (above[at] ?? 0) + 1,
        (above[at - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (twoAbove[at - 2] ?? Infinity) + 1 : Infinity,
      );
    }
    [twoAbove, above] = [above, now];
  }
  return above[other.length] ?? 0;
}

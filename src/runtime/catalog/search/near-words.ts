/**
 * Goes through sorted words, as if they were a tree of their letters, for those that begin like a word that was typed
 * with mistakes: letters too many, missing, wrong or swapped. What shares a beginning that is already too far from it is
 * left out at once.
 */
export class NearWords {
  readonly #words: readonly string[];
  /** One row for each letter of the word that is looked at. */
  readonly #rows: Uint8Array[] = [];

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** `found` gets the place of each word and how many mistakes lead to its beginning. */
  visit(typed: string, most: number, found: (at: number, mistakes: number) => void): void {
    const words = this.#words;
    const width = typed.length + 1;
    this.#prepare(width);
    let known = 0; // letters of the word before whose rows still hold
    let before = "";
    for (let at = 0; at < words.length;) {
      const word = words[at] as string;
      let depth = commonStart(word, before, known);
      let isTooFar = false;
      while (depth < word.length && depth < width + most) {
        depth++;
        if (this.#fill(typed, word, depth) > most || this.#isWrongFromStart(depth, most)) {
          isTooFar = true;
          break;
        }
      }
      before = word;
      known = depth;
      const mistakes = this.#fewest(typed.length, depth);
      if (mistakes <= most) found(at, mistakes);
      at = isTooFar && mistakes > most ? this.#firstBeyond(word.slice(0, depth), at) : at + 1;
    }
  }

  #prepare(width: number): void {
    const first = new Uint8Array(width);
    for (let at = 0; at < width; at++) first[at] = at;
    this.#rows.length = 0;
    this.#rows.push(first);
  }

  /** Two mistakes are forgiven to who got the beginning right: everything is two mistakes away from something. */
  #isWrongFromStart(depth: number, most: number): boolean {
    if (most < 2 || depth !== 2) return false;
    const row = this.#rows[2] as Uint8Array;
    return Math.min(...row.subarray(0, 4)) > 1;
  }

  /** Works out the row of one letter and returns its least value. */
  #fill(typed: string, word: string, depth: number): number {
    const above = this.#rows[depth - 1] as Uint8Array;
    const twoAbove = this.#rows[depth - 2];
    const row = (this.#rows[depth] ??= new Uint8Array(typed.length + 1));
    const letter = word.charCodeAt(depth - 1);
    const earlier = word.charCodeAt(depth - 2);
    row[0] = depth;
    let least = depth;
    for (let at = 1; at <= typed.length; at++) {
      const other = typed.charCodeAt(at - 1);
      let cost = Math.min(
        (row[at - 1] as number) + 1,
        (above[at] as number) + 1,
        (above[at - 1] as number) + (letter === other ? 0 : 1),
      );
      if (twoAbove !== undefined && at > 1 && other === earlier && typed.charCodeAt(at - 2) === letter) {
        cost = Math.min(cost, (twoAbove[at - 2] as number) + 1);
      }
      row[at] = cost;
      if (cost < least) least = cost;
    }
    return least;
  }

  /** What comes after the beginning was not typed yet, so any beginning of the word counts. */
  #fewest(length: number, depth: number): number {
    let fewest = 255;
    for (let at = 0; at <= depth; at++) fewest = Math.min(fewest, this.#rows[at]?.[length] ?? 255);
    return fewest;
  }

  #firstBeyond(start: string, from: number): number {
    const words = this.#words;
    let step = 1;
    let low = from + 1;
    while (low + step < words.length && (words[low + step] as string).startsWith(start)) {
      low += step;
      step *= 2;
    }
    let high = Math.min(words.length, low + step);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((words[middle] as string).startsWith(start)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function commonStart(one: string, other: string, most: number): number {
  const end = Math.min(one.length, other.length, most);
  let at = 0;
  while (at < end && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  return at;
}

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { NearWords } from "../../../../src/runtime/catalog/search/near-words.js";

/** The plain way: every beginning of the word is compared letter by letter. */
function mistakesTo(typed: string, word: string): number {
  let fewest = Number.POSITIVE_INFINITY;
  for (let end = 0; end <= word.length; end++) fewest = Math.min(fewest, distance(typed, word.slice(0, end)));
  return fewest;
}

function distance(one: string, other: string): number {
  const rows = Array.from({ length: one.length + 1 }, (_, row) => [row]);
  for (let at = 1; at <= other.length; at++) rows[0]![at] = at;
  for (let row = 1; row <= one.length; row++) {
    for (let at = 1; at <= other.length; at++) {
      const same = one[row - 1] === other[at - 1] ? 0 : 1;
      let cost = Math.min(rows[row - 1]![at]! + 1, rows[row]![at - 1]! + 1, rows[row - 1]![at - 1]! + same);
      if (row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1]) {
        cost = Math.min(cost, rows[row - 2]![at - 2]! + 1);
      }
      rows[row]![at] = cost;
    }
  }
  return rows[one.length]![other.length]!;
}

const word = fc.string({ unit: fc.constantFrom(..."abc"), minLength: 1, maxLength: 9 });

test("exactly the words one mistake away are found, however many others there are", () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 40 }), word, (list, typed) => {
      const words = list.sort();
      const found = new Map<string, number>();
      new NearWords(words).visit(typed, 1, (at, mistakes) => found.set(words[at]!, mistakes));
      const expected = words.map((one) => [one, mistakesTo(typed, one)] as const).filter(([, count]) => count <= 1);
      expect([...found]).toEqual(expected);
    }),
  );
});

test("of those two mistakes away none is counted wrong, and none is missed whose beginning is right", () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 40 }), word, (list, typed) => {
      const words = list.sort();
      const found = new Map<string, number>();
      new NearWords(words).visit(typed, 2, (at, mistakes) => found.set(words[at]!, mistakes));
      for (const [one, mistakes] of found) expect(mistakes).toBe(mistakesTo(typed, one));
      const sure = words.filter((one) => one.startsWith(typed.slice(0, 3)) && mistakesTo(typed, one) <= 2);
      for (const one of sure) expect(found.has(one)).toBe(true);
    }),
  );
});

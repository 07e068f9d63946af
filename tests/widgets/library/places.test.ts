import { expect, test } from "@jest/globals";
import { moved } from "../../../src/runtime/library/shelf-order.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { FolderId, type ShelfItem, type ShelfThing } from "../../../src/runtime/protocol/shelf.js";
import { dropPlace, type Edge, stepPlace } from "../../../src/widgets/library/places.js";

const app = (name: string) => ({ app: AppId.parse(name) });
const ONE = { folder: FolderId.parse("folder_11111111") };
const TWO = { folder: FolderId.parse("folder_22222222") };

/** `a [One: b c] d [Two:]` */
const ITEMS: ShelfItem[] = [
  app("a"),
  { ...ONE, name: "One", apps: [AppId.parse("b"), AppId.parse("c")] },
  app("d"),
  { ...TWO, name: "Two", apps: [] },
];

const shown = (items: readonly ShelfItem[]): string =>
  items.map((item) => ("app" in item ? item.app : `[${[`${item.name}:`, ...item.apps].join(" ")}]`)).join(" ");

/** How the shelf looks after so many steps. */
function walk(thing: ShelfThing, step: -1 | 1): string[] {
  const seen: string[] = [];
  let items = ITEMS;
  for (let place = stepPlace(items, thing, step); place !== null; place = stepPlace(items, thing, step)) {
    items = moved(items, [thing], place);
    seen.push(shown(items));
  }
  return seen;
}

test("an app goes down through the folders to the end, and up again", () => {
  expect(walk(app("a"), 1)).toEqual([
    "[One: a b c] d [Two:]",
    "[One: b a c] d [Two:]",
    "[One: b c a] d [Two:]",
    "[One: b c] a d [Two:]",
    "[One: b c] d a [Two:]",
    "[One: b c] d [Two: a]",
    "[One: b c] d [Two:] a",
  ]);
  expect(walk(app("d"), -1)).toEqual([
    "a [One: b c d] [Two:]",
    "a [One: b d c] [Two:]",
    "a [One: d b c] [Two:]",
    "a d [One: b c] [Two:]",
    "d a [One: b c] [Two:]",
  ]);
});

test("a folder goes past everything and into nothing", () => {
  expect(walk(TWO, -1)).toEqual(["a [One: b c] [Two:] d", "a [Two:] [One: b c] d", "[Two:] a [One: b c] d"]);
  expect(walk(ONE, 1)).toEqual(["a d [One: b c] [Two:]", "a d [Two:] [One: b c]"]);
});

test.each<[string, ShelfThing, ShelfThing, Edge, string | null]>([
  ["before an app", app("d"), app("a"), "before", "d a [One: b c] [Two:]"],
  ["behind an app", app("a"), app("d"), "after", "[One: b c] d a [Two:]"],
  ["behind the last of a folder", app("a"), app("c"), "after", "[One: b c a] d [Two:]"],
  ["before one in a folder", app("d"), app("c"), "before", "a [One: b d c] [Two:]"],
  ["onto a folder", app("d"), ONE, "into", "a [One: d b c] [Two:]"],
  ["onto an empty folder", app("b"), TWO, "into", "a [One: c] d [Two: b]"],
  ["before a folder", app("c"), ONE, "before", "a c [One: b] d [Two:]"],
  ["a folder before another", TWO, ONE, "before", "a [Two:] [One: b c] d"],
  ["a folder onto an app of another", TWO, app("c"), "after", "a [One: b c] [Two:] d"],
  ["a folder onto its own app", ONE, app("b"), "after", null],
  ["onto itself", app("a"), app("a"), "before", null],
])("what is dropped %s comes there", (_, thing, over, edge, expected) => {
  const place = dropPlace(ITEMS, thing, over, edge);
  expect(place === null ? null : shown(moved(ITEMS, [thing], place))).toBe(expected);
});

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { openShelf } from "../../../src/runtime/library/shelf.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import type { ShelfItem } from "../../../src/runtime/protocol/shelf.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const id = (name: string) => AppId.parse(name);
const app = (name: string) => ({ app: id(name) });

function testShelf(...present: string[]) {
  const folder = temporaryFolder();
  const file = join(folder.path, "library/favorites.json");
  const here = present.map(id);
  const problems: string[] = [];
  const told: string[][] = [];
  const open = () => {
    const shelf = openShelf({
      file,
      mayWrite: true,
      onProblem: ({ message }) => void problems.push(message),
      ids: () => here,
      missing: () => [],
    });
    shelf.onChanged((ids) => void told.push([...ids]));
    return shelf;
  };
  const shelf = open();
  return { file, here, shelf, open, problems, told, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

/** `b [Pictures: a c]` */
const shown = (items: readonly ShelfItem[]): string =>
  items.map((item) => ("app" in item ? item.app : `[${[`${item.name}:`, ...item.apps].join(" ")}]`)).join(" ");

test("every app has a place, and one that nobody has placed comes last", () => {
  using home = testShelf("a", "b", "c");
  expect(shown(home.shelf.now().items)).toBe("a b c");
  home.shelf.move([app("c")], { folder: null, before: app("a") });
  home.here.push(id("aa"));
  expect(shown(home.shelf.now().items)).toBe("c a b aa");
  expect(shown(home.open().now().items)).toBe("c a b aa");
});

test("apps and folders are moved before one another, into folders and out", () => {
  using home = testShelf("a", "b", "c", "d");
  const { shelf } = home;
  const now = () => shown(shelf.now().items);
  const folder = shelf.addFolder("Pictures", [id("b"), id("d")]);
  expect(now()).toBe("a c [Pictures: b d]");
  shelf.move([{ folder }], { folder: null, before: app("a") });
  expect(now()).toBe("[Pictures: b d] a c");
  shelf.move([app("c"), app("a")], { folder, before: app("d") });
  expect(now()).toBe("[Pictures: b c a d]");
  shelf.move([app("c"), app("a")], { folder, before: app("c") });
  expect(now()).toBe("[Pictures: b c a d]");
  shelf.move([app("a")], { folder: null });
  expect(now()).toBe("[Pictures: b c d] a");
  shelf.move([app("a"), app("a")], { folder: null, before: { folder } });
  expect(now()).toBe("a [Pictures: b c d]");
  shelf.removeFolder(folder);
  expect(now()).toBe("a b c d");
});

test("a folder is named once, and holds no other", () => {
  using home = testShelf("a");
  const one = home.shelf.addFolder("One");
  const two = home.shelf.addFolder("Two");
  expect(() => home.shelf.addFolder("one")).toThrow("has a folder named One already");
  expect(() => home.shelf.renameFolder(two, "ONE")).toThrow("already");
  home.shelf.renameFolder(one, "ONE");
  expect(() => home.shelf.move([{ folder: one }], { folder: two })).toThrow("no folders");
  home.shelf.removeFolder(one);
  expect(() => home.shelf.removeFolder(one)).toThrow("has no folder");
  expect(shown(home.shelf.now().items)).toBe("a [Two:]");
});

test("of several apps each gets its own answer", () => {
  using home = testShelf("a", "b");
  const results = home.shelf.mark([id("a"), id("gone"), id("b")], { favorite: true, addTags: ["video"] });
  expect(results.map(({ appId, error }) => [appId, error?.code])).toEqual([
    ["a", undefined],
    ["gone", "app-missing"],
    ["b", undefined],
  ]);
  expect(home.told).toEqual([["a", "b"]]);
  expect(home.open().marks(id("b"))).toEqual({ favorite: true, notes: "", tags: ["video"] });
  expect(home.shelf.move([app("b"), app("gone")], { folder: null, before: app("a") })).toMatchObject([
    { appId: "b", error: null },
    { appId: "gone", error: { code: "app-missing" } },
  ]);
  expect(shown(home.shelf.now().items)).toBe("b a");
});

test("what was written about an app and its place wait for it while it is gone", () => {
  using home = testShelf("a", "b", "c");
  home.shelf.mark([id("a")], { notes: "Seeds: 42" });
  home.shelf.move([app("a")], { folder: null, before: app("c") });
  home.here.splice(0, 1);
  expect(shown(home.shelf.now().items)).toBe("b c");
  home.shelf.move([app("c")], { folder: null, before: app("b") });
  home.here.push(id("a"));
  expect(shown(home.shelf.now().items)).toBe("c b a");
  expect(home.shelf.marks(id("a")).notes).toBe("Seeds: 42");
});

test("names that objects have of their own are apps as any other", () => {
  using home = testShelf("constructor");
  expect(home.shelf.marks(id("constructor")).favorite).toBe(false);
  home.shelf.mark([id("constructor")], { favorite: true });
  expect(home.open().marks(id("constructor")).favorite).toBe(true);
});

test("an order that was edited by hand may name an app twice", () => {
  using home = testShelf("a", "b");
  home.shelf.addFolder("One", [id("a")]);
  const written = JSON.parse(readFileSync(home.file, "utf8")) as { order: unknown[] };
  writeFileSync(home.file, JSON.stringify({ ...written, order: [{ app: "a" }, ...written.order] }));
  expect(home.shelf.look()).toBe(true);
  expect(shown(home.shelf.now().items)).toBe("a b [One:]");
});

test("what cannot be written is refused, and nothing is shown that the disk does not hold", () => {
  using home = testShelf("a", "b");
  writeFileSync(dirname(home.file), "a file where the folder should be");
  expect(() => home.shelf.mark([id("a")], { favorite: true })).toThrow(PinokioError);
  expect(() => home.shelf.move([app("b")], { folder: null, before: app("a") })).toThrow(PinokioError);
  expect(home.shelf.marks(id("a")).favorite).toBe(false);
  expect(shown(home.shelf.now().items)).toBe("a b");
  expect(home.told).toEqual([]);
});

test("a merged library loses nothing of both, and merging again changes nothing", () => {
  using home = testShelf("a", "b", "c");
  home.shelf.mark([id("a")], { notes: "ours", addTags: ["x"] });
  home.shelf.addFolder("Pictures", [id("b")]);
  const other = {
    marks: new Map([
      [id("a"), { favorite: true, notes: "theirs", tags: ["X", "y"] }],
      [id("z"), { favorite: false, notes: "not here yet", tags: [] }],
    ]),
    order: [{ folder: "pictures", apps: [id("c"), id("b"), id("z")] }, app("a"), { folder: "Empty", apps: [] }],
  };
  expect(home.shelf.wouldMerge(other).marks).toBe(2);
  expect(home.shelf.merge(other).marks).toBe(2);
  expect(home.shelf.marks(id("a"))).toEqual({ favorite: true, notes: "ours\n\ntheirs", tags: ["x", "y"] });
  home.here.push(id("z"));
  expect(shown(home.shelf.now().items)).toBe("a c [Pictures: b z] [Empty:]");
  expect(home.shelf.marks(id("z")).notes).toBe("not here yet");
  const before = readFileSync(home.file, "utf8");
  expect(home.shelf.merge(other)).toEqual({ marks: 0, places: 0 });
  expect(readFileSync(home.file, "utf8")).toBe(before);
});

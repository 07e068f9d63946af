import { expect, test } from "@jest/globals";
import { removePath, setPath } from "../../../src/runtime/base/dotted-path.js";

const set = (target: object, key: string, value: unknown): unknown => {
  setPath(target, key, value);
  return target;
};

const remove = (target: object, key: string): unknown => {
  removePath(target, key);
  return target;
};

test.each([
  [{}, "b.c", 2, { b: { c: 2 } }],
  [{ arr: [1, 2] }, "arr.1", 9, { arr: [1, 9] }],
  [{ items: [1, 2] }, "items[0]", "x", { items: [1, 2], "items[0]": "x" }],
  [{}, "txt2img/Width/value", 512, { "txt2img/Width/value": 512 }],
  [{ a: null }, "a.b", 1, { a: { b: 1 } }],
  [{ a: "text" }, "a.b", 1, { a: "text" }],
  [{}, '["a.b"].c', 1, { "a.b": { c: 1 } }],
  [{}, "[0].name", "x", { 0: { name: "x" } }],
])("set %j at %j", (target, key, value, expected) => {
  expect(set(target, key, value)).toEqual(expected);
});

test.each([
  [{ a: 1, b: 2 }, "a", { b: 2 }],
  [{ arr: [1, 2, 3] }, "arr.0", { arr: [2, 3] }],
  [{ b: { c: 1, d: 2 } }, "b.c", { b: { d: 2 } }],
  [{ a: 1 }, "missing.key", { a: 1 }],
  [{ arr: [1] }, "arr.5", { arr: [1] }],
])("remove from %j the key %j", (target, key, expected) => {
  expect(remove(target, key)).toEqual(expected);
});

test("what every object inherits cannot be reached", () => {
  set({}, "constructor.prototype.hacked", true);
  set({}, "__proto__.hacked", true);
  expect(({} as Record<string, unknown>)["hacked"]).toBeUndefined();
});

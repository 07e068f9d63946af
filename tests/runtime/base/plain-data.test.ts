import { expect, test } from "@jest/globals";
import { toPlainData, toPlainRecord } from "../../../src/runtime/base/plain-data.js";

test("what JSON has no word for is left out, as in JSON", () => {
  const value = { text: "a", fn: () => 1, nothing: undefined, list: [1, undefined, () => 2], nan: NaN, big: 5n };
  expect(toPlainData(value)).toEqual({ text: "a", list: [1, null, null], nan: null, big: "5" });
});

test("a match of a pattern becomes a list of its groups", () => {
  expect(toPlainData(/(\d+)/.exec("port 42"))).toEqual(["42", "42"]);
});

test("a cycle, a throwing getter and a proxy do no harm", () => {
  const loop: Record<string, unknown> = { name: "loop" };
  loop["self"] = loop;
  const thrower = Object.defineProperty({}, "x", {
    enumerable: true,
    get: () => {
      throw new Error("no");
    },
  });
  expect(toPlainData({ loop, thrower })).toEqual({ loop: { name: "loop", self: null }, thrower: null });
});

test("endless depth and endless width end", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 1_000; level++) deep = { deep };
  expect(JSON.stringify(toPlainData(deep)).length).toBeLessThan(1_000);
  const wide = toPlainData(Array.from({ length: 200_000 }, (_, index) => index)) as unknown[];
  expect(wide.filter((element) => element !== null).length).toBeLessThan(50_000);
});

test("a script's memory is an object whatever it was set to", () => {
  expect(toPlainRecord([1])).toEqual({});
  expect(toPlainRecord({ url: "http://127.0.0.1:1" })).toEqual({ url: "http://127.0.0.1:1" });
});

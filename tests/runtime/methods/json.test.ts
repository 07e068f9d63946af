import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { json } from "../../../src/runtime/methods/json.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function folder(files: Record<string, unknown> = {}) {
  const made = temporaryFolder();
  for (const [name, value] of Object.entries(files)) writeFileSync(join(made.path, name), JSON.stringify(value));
  const context = fakeContext({ cwd: made.path });
  return {
    path: made.path,
    context,
    call: (name: keyof typeof json, params: unknown) => callChecked(json[name], params, context),
    read: (name: string): unknown => JSON.parse(readFileSync(join(made.path, name), "utf8")),
    [Symbol.dispose]: () => made[Symbol.dispose](),
  };
}

test("get fills local variables", async () => {
  using at = folder({ "cfg.json": { k: [1] }, "x.txt": "x" });
  await at.call("get", { c: "cfg.json", n: "none.json", t: "x.txt" });
  expect(at.context.local).toEqual({ c: { k: [1] }, n: null });
  expect(await at.call("get", { path: "cfg.json", key: "k.0" })).toBe(1);
});

test("set changes dotted keys, makes files and leaves other names alone", async () => {
  using at = folder({ "cfg.json": { b: { c: [1, 2] }, o: 1 } });
  await at.call("set", { "cfg.json": { "b.c.1": 9, "x.y": 1 }, "new/deep.json": { k: 1 }, "bad.txt": { a: 1 } });
  expect(at.read("cfg.json")).toEqual({ b: { c: [1, 9] }, o: 1, x: { y: 1 } });
  expect(readFileSync(join(at.path, "new/deep.json"), "utf8")).toBe('{\n  "k": 1\n}\n');
  expect(existsSync(join(at.path, "bad.txt"))).toBe(false);
  await at.call("set", { path: "cfg.json", key: "one.two", value: 3 });
  expect(at.read("cfg.json")).toMatchObject({ one: { two: 3 } });
});

test("a broken file counts as empty, as in Pinokio", async () => {
  using at = folder();
  writeFileSync(join(at.path, "a.json"), "{broken");
  await at.call("set", { "a.json": { k: 1 } });
  expect(at.read("a.json")).toEqual({ k: 1 });
});

test("rm removes keys and elements", async () => {
  using at = folder({ "cfg.json": { a: 1, b: { c: [1, 2] } } });
  await at.call("rm", { "cfg.json": ["a", "b.c.0"] });
  expect(at.read("cfg.json")).toEqual({ b: { c: [2] } });
});

test("read, write and merge", async () => {
  using at = folder();
  await at.call("write", { path: "d/a.json", json: { a: { b: 1 }, l: [1] } });
  expect(await at.call("merge", { path: "d/a.json", json: { a: { c: 2 }, l: [2] } })).toEqual({
    a: { b: 1, c: 2 },
    l: [2],
  });
  expect(await at.call("read", { path: "d/a.json" })).toEqual({ a: { b: 1, c: 2 }, l: [2] });
  await expect(at.call("read", { path: "none.json" })).rejects.toThrow("not there");
  writeFileSync(join(at.path, "b.json"), "{,}");
  await expect(at.call("read", { path: "b.json" })).rejects.toThrow("no JSON");
});

test("names that every object has are plain keys", async () => {
  using at = folder();
  const written: unknown = JSON.parse('{"__proto__": {"polluted": true}}');
  await at.call("write", { path: "a.json", json: {} });
  await at.call("merge", { path: "a.json", json: written });
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

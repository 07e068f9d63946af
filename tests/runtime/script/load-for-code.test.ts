import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { isThere, loadForCode, readJson } from "../../../src/runtime/script/load-for-code.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("JSON is a value, a class is built, a function is left as it is", async () => {
  using folder = temporaryFolder();
  const load = async (name: string, text: string): Promise<unknown> => {
    writeFileSync(join(folder.path, name), text);
    return loadForCode(join(folder.path, name));
  };
  expect(await load("a.json", '{ "n": 1, }')).toEqual({ resolved: { n: 1 }, extension: ".json", dirname: folder.path });
  expect(await load("c.js", "module.exports = class { n = 2 }")).toMatchObject({
    resolved: { n: 2 },
    extension: ".js",
  });
  expect(await load("f.js", "module.exports = () => 3")).toMatchObject({ resolved: expect.any(Function) });
  expect(await load("e.JS", "exports.n = 4")).toMatchObject({ resolved: { n: 4 }, extension: ".JS" });
});

test("what is no module is null, what is not there too, and what cannot be read is nothing", async () => {
  using folder = temporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  writeFileSync(at("notes.txt"), "words");
  mkdirSync(at("folder"));
  for (const [name, text] of [
    ["b.json", "{"],
    ["t.js", "throw new Error('no')"],
  ] as const)
    writeFileSync(at(name), text);
  expect(await loadForCode(at("gone.js"))).toEqual({ resolved: null, dirname: folder.path });
  expect(await loadForCode(at("notes.txt"))).toEqual({ resolved: null, extension: ".txt", dirname: folder.path });
  expect(await loadForCode(at("folder"))).toMatchObject({ resolved: null });
  for (const name of ["b.json", "t.js"]) expect(await loadForCode(at(name))).toMatchObject({ resolved: undefined });
});

test("whether something is there, and what JSON says, is asked without an error", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "x.json");
  expect([isThere(file), readJson(file)]).toEqual([false, undefined]);
  writeFileSync(file, '// words\n{ "a": [1], }');
  expect([isThere(file), readJson(file)]).toEqual([true, { a: [1] }]);
  writeFileSync(file, '{ "a": ');
  expect(readJson(file)).toBeUndefined();
  chmodSync(file, 0o000);
  expect(isThere(join(file, "below"))).toBe(false);
});

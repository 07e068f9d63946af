import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { loadFile, resolveExport } from "../../../src/runtime/script/load.js";
import { outsideJest } from "../../helpers/outside-jest.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** Loads files of an app one after the other, in a plain Node; a name that begins with = writes a file in between. */
function load(files: Record<string, string>, order: readonly string[]): unknown {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "lib"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);
  const told = outsideJest(
    "src/runtime/script/load.ts",
    `async ({ loadFile, resolveExport, forgetModulesBelow }, tell) => {
      const { writeFileSync } = await import("node:fs");
      for (const name of ${JSON.stringify(order)}) {
        try {
          if (name === "forget") forgetModulesBelow(${JSON.stringify(folder.path)});
          else if (name.startsWith("=")) writeFileSync(${JSON.stringify(folder.path)} + "/" + name.slice(1).split("=")[0], name.slice(1).split("=").slice(1).join("="));
          else tell(await resolveExport((await loadFile(${JSON.stringify(folder.path)} + "/" + name)).exported, { platform: "linux" }));
        } catch (error) {
          tell({ code: error.code, message: error.message, hint: error.hint });
        }
      }
    }`,
  );
  return JSON.parse(JSON.stringify(told).replaceAll(`${folder.path}/`, ""));
}

describe("a file of code exports", () => {
  test.each([
    ["an object", "module.exports = { a: 1 }", { a: 1 }],
    ["a module's default", "export default { a: 1 }", { a: 1 }],
    ["a module that waits", "const a = await Promise.resolve(1); export default { a }", { a: 1 }],
    ["a class", "module.exports = class { constructor() { this.a = 1 } }", { a: 1 }],
    ["an arrow function", "module.exports = (kernel) => ({ a: kernel.platform })", { a: "linux" }],
    ["an async function", "module.exports = async (kernel) => ({ a: kernel.platform })", { a: "linux" }],
    ["a classic function", "module.exports = function (kernel) { return { a: kernel.platform } }", { a: "linux" }],
    ["a promise from a plain function", "module.exports = () => Promise.resolve({ a: 1 })", { a: 1 }],
    ["a constructor of old", "module.exports = function () { this.a = 1 }", { a: 1 }],
    ["what it requires", 'module.exports = { a: require("./data.json").a, b: require("./lib/m") }', { a: 1, b: 2 }],
  ])("%s", (_, text, expected) => {
    const files = { "s.js": text, "data.json": '{"a":1}', "lib/m.js": "module.exports = 2" };
    expect(load(files, ["s.js"])).toEqual([expected]);
  });
});

describe("each load reads the file again", () => {
  test.each([
    ["CommonJS", "module.exports = { n: 1 }", "module.exports = { n: 2 }"],
    ["an ES module", "export default { n: 1 }", "export default { n: 2 }"],
  ])("%s", (_, before, after) => {
    expect(load({ "s.js": before }, ["s.js", `=s.js=${after}`, "s.js", "s.js"])).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 2 },
    ]);
  });

  test("what it requires stays until it is forgotten", () => {
    const files = { "s.js": 'module.exports = { n: require("./lib/m") }', "lib/m.js": "module.exports = 1" };
    const order = ["s.js", "=lib/m.js=module.exports = 2", "s.js", "forget", "s.js"];
    expect(load(files, order)).toEqual([{ n: 1 }, { n: 1 }, { n: 2 }]);
  });
});

describe("what cannot be loaded says where it is wrong", () => {
  test.each([
    [
      "a syntax error",
      "module.exports = {\n  a: 1\n  b: 2\n}",
      "s.js:3:3: SyntaxError: Unexpected identifier 'b'",
      "Correct this line: b: 2",
    ],
    [
      "an error while loading",
      "const x = 1;\n\nmissing.y()",
      "s.js:3:1: ReferenceError: missing is not defined",
      "Correct this line: missing.y()",
    ],
    ["an error in what it exports", "module.exports = () => {\n  throw new TypeError('bad')\n}", "bad", undefined],
    [
      "a missing module",
      "require('fast-glob')",
      "s.js:1:1: Error: Cannot find module 'fast-glob'",
      "Correct this line: require('fast-glob')",
    ],
    ["a thrown text", "throw 'just text'", "s.js: it threw just text", undefined],
  ])("%s", (_, text, message, hint) => {
    expect(load({ "s.js": text }, ["s.js"])).toEqual([
      expect.objectContaining({ message, ...(hint === undefined ? {} : { hint }) }),
    ]);
  });

  test("a missing file has a code of its own", async () => {
    await expect(loadFile("/nowhere/s.js")).rejects.toMatchObject({ code: "script-missing" });
    await expect(loadFile("/nowhere/s.json")).rejects.toMatchObject({ code: "script-missing" });
  });
});

test("JSON brings its warnings", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "s.json");
  writeFileSync(file, '{"a": 1, "a": 2}');
  const { exported, warnings } = await loadFile(file);
  expect(await resolveExport(exported)).toEqual({ a: 2 });
  expect(warnings).toHaveLength(1);
});

import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { Modules } from "../../../src/runtime/runner/modules.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function file(folder: string, name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test("a class is built once and keeps what it holds, until its file changes", async () => {
  using folder = temporaryFolder();
  const counting = "module.exports = class { n = 0; count() { return ++this.n } }";
  const path = file(folder.path, "c.js", counting);
  const modules = new Modules();
  const count = async () => (await modules.find(path, "count", {}))({}, undefined, {});
  expect([await count(), await count()]).toEqual([1, 2]);
  file(folder.path, "c.js", counting);
  utimesSync(path, 1, 1);
  expect(await count()).toBe(1);
});

test("functions of an object are called with it, and a function gets the kernel", async () => {
  using folder = temporaryFolder();
  const modules = new Modules();
  const object = file(
    folder.path,
    "o.js",
    "module.exports = { word: 'hi', say(req) { return this.word + req.params } }",
  );
  expect((await modules.find(object, "say", {}))({ params: "!" }, undefined, {})).toBe("hi!");
  const made = file(folder.path, "f.js", "module.exports = (kernel) => ({ where: () => kernel.platform })");
  expect((await modules.find(made, "where", { platform: "moon" }))({}, undefined, {})).toBe("moon");
});

test("what is not there is told with what is", async () => {
  using folder = temporaryFolder();
  const modules = new Modules();
  const path = file(folder.path, "c.js", "module.exports = class { one() {} get two() { return 1 } three() {} }");
  await expect(modules.find(path, "four", {})).rejects.toMatchObject({
    code: "method-unknown",
    hint: "Functions of this module: one, three",
  });
  const json = file(folder.path, "s.json", '{ "run": [] }');
  await expect(modules.find(json, "run", {})).rejects.toMatchObject({ hint: expect.stringContaining("script.start") });
  await expect(modules.find(join(folder.path, "none.js"), "x", {})).rejects.toMatchObject({ code: "script-missing" });
  const broken = file(folder.path, "b.js", "module.exports = {\n  oops\n  }}");
  await expect(modules.find(broken, "x", {})).rejects.toThrow(/b\.js.*SyntaxError/);
});

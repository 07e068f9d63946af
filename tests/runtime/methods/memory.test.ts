import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { global } from "../../../src/runtime/methods/local.js";
import { key, memory } from "../../../src/runtime/methods/memory.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("set and rm change several memories at once", async () => {
  using folder = temporaryFolder();
  const context = fakeContext({ cwd: folder.path, home: folder.path });
  const params = {
    local: { a: 1, "b.c": 2 },
    global: { g: 1 },
    self: { "db.json": { items: [1, 2] } },
    key: { h: ["v"] },
  };
  await callChecked(memory.set, params, context);
  expect([context.local, context.global]).toEqual([{ a: 1, b: { c: 2 } }, { g: 1 }]);
  await callChecked(memory.rm, { local: ["b.c"], global: ["g"], self: { "db.json": ["items.0"] } }, context);
  expect([context.local, context.global]).toEqual([{ a: 1, b: {} }, {}]);
  expect(JSON.parse(readFileSync(join(folder.path, "db.json"), "utf8"))).toEqual({ items: [2] });
  expect(statSync(join(folder.path, "key.json")).mode & 0o777).toBe(0o600);
});

test("global variables are a memory of their own", async () => {
  const context = fakeContext();
  await callChecked(global.set, { "a.b": 1 }, context);
  expect(context.global).toEqual({ a: { b: 1 } });
  await callChecked(global.rm, ["a.b"], context);
  expect(context.global).toEqual({ a: {} });
});

test("load gives what files hold", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "j.json"), "{}");
  const context = fakeContext({ cwd: folder.path, load: (path) => Promise.resolve({ path }) });
  expect(await callChecked(memory.load, { j: "j.json" }, context)).toEqual({
    j: { path: join(folder.path, "j.json") },
  });
});

test("what does nothing in Pinokio says so", async () => {
  const context = fakeContext();
  expect(await callChecked(key.get, "host", context)).toBeUndefined();
  expect(context.warnings).toHaveLength(1);
});

test("import puts what files hold into local variables", async () => {
  const context = fakeContext({ load: (path) => Promise.resolve(`what is in ${path}`) });
  expect(await callChecked(memory.import, { config: "config.json", "a.b": "/x.js" }, context)).toBeUndefined();
  expect(context.local).toEqual({ config: "what is in /app/config.json", a: { b: "what is in /x.js" } });
  expect(context.changes).toBe(1);
});

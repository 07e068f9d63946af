import { expect, test } from "@jest/globals";
import { local } from "../../../src/runtime/methods/local.js";
import { fakeContext } from "../../helpers/fake-context.js";

test("set and rm change the run's memory and tell so", async () => {
  const context = fakeContext({ local: { arr: [1, 2] } });
  await local.set.run({ url: "http://127.0.0.1:1", "b.c": 2, "arr.1": 9 }, context);
  expect(context.local).toEqual({ arr: [1, 9], url: "http://127.0.0.1:1", b: { c: 2 } });
  expect(context.notes).toEqual(['{"arr":[1,9],"url":"http://127.0.0.1:1","b":{"c":2}}\r\n']);
  await local.rm.run(["url", "arr.0", "b.c"], context);
  expect(context.local).toEqual({ arr: [9], b: {} });
  expect(context.changes).toBe(2);
});

test("import copies what a running script has", async () => {
  const found = { running: true, ready: true, local: { url: "u" } };
  const scripts = { ...fakeContext().scripts, find: (file: string) => (file === "/app/other.js" ? found : null) };
  const context = fakeContext({ scripts });
  await local.import.run({ o: "other.js", n: "none.js" }, context);
  expect(context.local).toEqual({ o: { url: "u" } });
  expect(context.warnings).toHaveLength(1);
});

test("with persist beside its parameters, set keeps them for the next run", async () => {
  const kept: object[] = [];
  const keep = (values: object): void => void kept.push(values);
  await local.set.run({ a: 1 }, fakeContext({ keep, step: { persist: true } }));
  await local.set.run({ b: 2 }, fakeContext({ keep, step: { persist: "no" } }));
  await local.set.run({ c: 3, persist: true }, fakeContext({ keep }));
  expect(kept).toEqual([{ a: 1 }]);
});

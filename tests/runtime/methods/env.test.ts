import { expect, test } from "@jest/globals";
import { env } from "../../../src/runtime/methods/env.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";

async function changesOf(name: keyof typeof env, params: unknown, now: Record<string, string> = {}): Promise<unknown> {
  let changes: unknown;
  const context = fakeContext({ env: () => now, setEnvironment: (values) => (changes = values) });
  await callChecked(env[name], params, context);
  return changes;
}

test("set writes text", async () => {
  expect(await changesOf("set", { A: "2", N: 5, F: false, GONE: null })).toEqual({ A: "2", N: "5", F: "false" });
});

test.each([
  [undefined, "1"],
  ["2", "3"],
  ["3", "1"],
])("switch goes from %j to %j", async (now, next) => {
  const current: Record<string, string> = now === undefined ? {} : { A: now };
  expect(await changesOf("switch", { A: ["1", 2, "3"] }, current)).toEqual({ A: next });
});

test("switch leaves a value that is in no list", async () => {
  expect(await changesOf("switch", { A: ["1"] }, { A: "own" })).toEqual({});
});

test("a name that no shell would take is refused", async () => {
  await expect(changesOf("set", { "A B": "1" })).rejects.toMatchObject({ code: "script-invalid" });
});

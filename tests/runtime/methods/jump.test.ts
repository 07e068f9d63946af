import { expect, test } from "@jest/globals";
import { jump } from "../../../src/runtime/methods/jump.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";

test.each<[object, object, unknown]>([
  [{ id: "again", params: { a: 1 } }, { id: "again" }, { a: 1 }],
  [{ id: "again", index: 2, input: "b" }, { index: 2 }, "b"],
  [{ index: null, params: 0, input: "c" }, { index: null }, "c"],
  [{}, { id: undefined }, undefined],
])("%j goes to %j", async (params, target, value) => {
  const targets: unknown[] = [];
  const context = fakeContext({ jump: (to) => void targets.push(to) });
  expect(await callChecked(jump, params, context)).toEqual(value);
  expect(targets).toEqual([target]);
});

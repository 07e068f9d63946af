import { expect, test } from "@jest/globals";
import { log } from "../../../src/runtime/methods/log.js";
import { fakeContext } from "../../helpers/fake-context.js";

test.each([
  [{ text: "t", raw: "r" }, ["r\r\n"]],
  [{ text: "t" }, ["t\r\n"]],
  [{ json: { a: [1] } }, ['{"a":[1]}\r\n']],
  [{ json2: { a: 1 } }, ['{\r\n  "a": 1\r\n}\r\n']],
  [{ raw: 2 }, ["2\r\n"]],
  [{ raw: "" }, ["\r\n"]],
  [{}, []],
  [null, []],
])("%j prints %j", async (params, printed) => {
  const context = fakeContext();
  expect(await log.run(params, context)).toBeUndefined();
  expect(context.printed).toEqual(printed);
});

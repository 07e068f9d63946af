import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { log } from "../../../src/runtime/methods/log.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

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
  expect(await callChecked(log, params, context)).toBeUndefined();
  expect(context.printed).toEqual(printed);
});

test("a message goes to the screen and to a file of its own", async () => {
  using folder = temporaryFolder();
  const context = fakeContext({ home: folder.path });
  await callChecked(log, { message: "low memory", level: "warn", category: "my app/../x" }, context);
  await callChecked(log, { message: "fine", level: "odd" }, context);
  expect(context.printed).toEqual(["warn: low memory\r\n", "fine\r\n"]);
  const [line] = readFileSync(join(folder.path, "logs/my-app-x.log"), "utf8").trim().split("\n");
  expect(JSON.parse(line ?? "")).toMatchObject({ level: "warn", message: "low memory", category: "my app/../x" });
});

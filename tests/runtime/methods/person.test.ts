import { expect, test } from "@jest/globals";
import * as person from "../../../src/runtime/methods/person.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";

const { browser, clipboard, filepicker, htmlmodal, input, notify, uri, web } = person;

function asked(answer: unknown) {
  const questions: { kind: string; params: unknown }[] = [];
  const context = fakeContext({
    ask: (kind, params) => {
      questions.push({ kind, params });
      return Promise.resolve(answer);
    },
  });
  return { context, questions };
}

test("a form's answer is the result, unchanged", async () => {
  const { context, questions } = asked({ name: "bob" });
  const params = { title: "T", form: [{ key: "name", default: "x" }] };
  expect(await callChecked(input, params, context)).toEqual({ name: "bob" });
  expect(questions).toEqual([{ kind: "input", params }]);
});

test("a single value can be kept", async () => {
  const { context } = asked("large");
  const params = { message: "Which?", type: "select", options: ["large"], return: "local.model.size" };
  expect(await callChecked(input, params, context)).toBe("large");
  expect(context.local).toEqual({ model: { size: "large" } });
});

test("what is told waits for nobody", async () => {
  const context = fakeContext();
  await callChecked(notify, { html: "<b>hi</b>" }, context);
  await callChecked(web.open, { url: "127.0.0.1:7860" }, context);
  await callChecked(browser.open, { uri: "out/index.html" }, context);
  await callChecked(clipboard.copy, { text: "t" }, context);
  expect(context.told).toEqual([
    { kind: "notify", params: { html: "<b>hi</b>" } },
    { kind: "web.open", params: { url: "127.0.0.1:7860", uri: "http://127.0.0.1:7860" } },
    { kind: "browser.open", params: { uri: "/app/out/index.html" } },
    { kind: "clipboard.copy", params: { text: "t" } },
  ]);
});

test("a page without an address is a warning", async () => {
  const context = fakeContext();
  await callChecked(web.open, {}, context);
  expect([context.told, context.warnings.length]).toEqual([[], 1]);
});

test("a window waits only when it is told to", async () => {
  const { context, questions } = asked({ action: "ok" });
  expect(await callChecked(htmlmodal.open, { id: "a" }, context)).toEqual({ id: "a" });
  expect(questions).toEqual([]);
  expect(await callChecked(htmlmodal.open, { id: "a", await: true }, context)).toEqual({ action: "ok" });
});

test.each([
  ["/x/a", ["/x/a"]],
  [
    ["a", "b"],
    ["/app/in/a", "/app/in/b"],
  ],
  [{ paths: ["/x"] }, ["/x"]],
  [null, []],
])("an answer %j of the file dialog gives %j", async (answer, paths) => {
  const { context, questions } = asked(answer);
  expect(await callChecked(filepicker.open, { type: "folder", path: "in" }, context)).toEqual({ paths });
  expect(questions[0]?.params).toMatchObject({ type: "folder", path: "/app/in" });
});

test("uri.open adds parameters before the fragment", async () => {
  const context = fakeContext();
  const params = { uri: "a://b#h", params: { k: [1, 2], n: null, o: { x: 1 } } };
  expect(await callChecked(uri.open, params, context)).toMatchObject({ uri: "a://b?k=1&k=2&o=%7B%22x%22%3A1%7D#h" });
  await expect(callChecked(uri.open, { uri: " " }, context)).rejects.toMatchObject({ code: "script-invalid" });
});

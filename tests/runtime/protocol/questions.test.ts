import { expect, test } from "@jest/globals";
import {
  type FieldValue,
  formAnswer,
  initialValues,
  missingIn,
  readForm,
  readPathQuestion,
  readWindow,
  secretAnswers,
} from "../../../src/runtime/protocol/questions.js";

test("a form answers as Pinokio's does: texts, true or false, and the values of its choices", () => {
  const form = readForm({
    title: "T",
    form: [
      { key: "a", default: 5 },
      { key: "b", type: "number", default: 7 },
      { key: "c", type: "checkbox" },
      { key: "d", type: "select", items: ["x", { text: "Y", value: "why" }], default: "why" },
      { key: "e", type: "select", items: ["first", "second"] },
      { key: "f", type: "hidden", default: "h" },
      { key: "g", type: "textarea" },
    ],
  });
  const answer = { a: "5", b: "7", c: false, d: "why", e: "first", f: "h", g: "" };
  expect(formAnswer(form, initialValues(form))).toEqual(answer);
  expect(form.fields.map(({ label }) => label)).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
});

test.each<[object, FieldValue, unknown]>([
  [{ type: "text", placeholder: "p" }, "ada", "ada"],
  [{ type: "number" }, "12.5", 12.5],
  [{ type: "number" }, " ", null],
  [{ type: "select", options: ["small", { text: "Large", value: 12 }] }, "1", 12],
  [{ type: "password" }, "secret", "secret"],
  [{}, "plain", "plain"],
])("a single value %j is the answer itself", (params, value, answer) => {
  const form = readForm({ message: "Which?", ...params });
  expect([form.title, form.fields[0]?.label, form.fields[0]?.key]).toEqual(["Which?", "Which?", "value"]);
  expect(formAnswer(form, { value })).toEqual(answer);
});

test("without fields it is a question to agree to", () => {
  const form = readForm({ title: "Remove?", confirm: "Remove" });
  expect(form).toMatchObject({ title: "Remove?", confirm: "Remove", fields: [] });
  expect(formAnswer(form, {})).toEqual({});
});

test("what is required and empty is named", () => {
  const form = readForm({
    form: [
      { key: "a", required: true },
      { key: "b", required: "true", type: "checkbox" },
      { key: "c", required: true },
      { key: "d" },
    ],
  });
  expect(missingIn(form, { a: " ", b: false, c: "x", d: "" })).toEqual(["a", "b"]);
});

test.each([null, [], "text", { form: [null, "x", { key: 5, type: {}, items: "no" }] }, { form: {} }])(
  "%j is read without harm",
  (params) => {
    expect(() => formAnswer(readForm(params), initialValues(readForm(params)))).not.toThrow();
    expect(() => [readWindow(params), readPathQuestion(params)]).not.toThrow();
  },
);

test.each<[object, string[]]>([
  [{ filetypes: [["Images", "*.png *.jpg"]] }, [".png", ".jpg"]],
  [{ filetype: "image/*.png,*.jpeg" }, [".png", ".jpeg"]],
  [{ filetype: ["a/*.tar.gz"] }, [".tar.gz"]],
  [
    {
      filetypes: [
        ["Images", "*.png"],
        ["All", "*.*"],
      ],
    },
    [],
  ],
  [{ filetypes: [["All", "*"]] }, []],
  [{}, []],
])("%j lets one choose files that end in %j", (params, endings) => {
  expect(readPathQuestion({ path: "/x", ...params }).endings).toEqual(endings);
});

test("a window has buttons, links and a status; one without buttons can always be closed", () => {
  const window = readWindow({
    title: "Log in",
    status: { text: "Waiting", waiting: true },
    dismissible: false,
    actions: [
      { id: "ok", label: "Done", primary: true },
      { type: "link", href: "https://x", label: "Open" },
    ],
  });
  expect(window).toMatchObject({ status: "Waiting", isBusy: true, isDismissible: false });
  expect(window.actions).toMatchObject([
    { id: "ok", isPrimary: true, isLink: false },
    { id: "link", isLink: true, href: "https://x" },
  ]);
  expect(readWindow({ html: "x", dismissible: false }).isDismissible).toBe(true);
});

test("only password fields are secrets", () => {
  const form = [{ key: "name" }, { key: "code", type: "password" }];
  expect(secretAnswers({ form }, { name: "Ada", code: "1234" })).toEqual(["1234"]);
  expect(secretAnswers({ message: "Code?", type: "password" }, "5678")).toEqual(["5678"]);
  expect(secretAnswers({ message: "Name?", type: "text" }, "Ada")).toEqual([]);
  expect(secretAnswers({ form }, null)).toEqual([]);
});

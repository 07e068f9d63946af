import { expect, test } from "@jest/globals";
import { parseJsonc } from "../../../src/runtime/script/jsonc.js";

test("comments, trailing commas and a byte order mark are read over", () => {
  const text = '\uFEFF// first\n{\n  /* before */ "a": [1, 2,], // after\n  "url": "http://x//y", /* end */\n}\n';
  expect(parseJsonc(text, "s.json")).toEqual({ value: { a: [1, 2], url: "http://x//y" }, warnings: [] });
});

test.each(["{}", "[]", '"a\\n\\u00e9\\"\\/"', "-1.5e+3", "0", "true", "null", '{"a":{"b":[{}]}}'])(
  "%s means what it means in JSON",
  (text) => {
    expect(parseJsonc(text, "s.json").value).toEqual(JSON.parse(text));
  },
);

test("the same key twice: the last one wins, with its line and name", () => {
  expect(parseJsonc('{\n  "run": 1,\n  "run": 2\n}', "start.json")).toEqual({
    value: { run: 2 },
    warnings: ['start.json:3: "run" stands twice in one object; the last one counts'],
  });
});

test.each([
  ['{ "run": [ oops ] }', 's.json:1:12: "o" where a value belongs'],
  ['{\n  "a": 1\n  "b": 2\n}', 's.json:3:3: a text where "," or "}" belongs'],
  ['{ "a" 1 }', 's.json:1:7: "1" where ":" belongs after "a"'],
  ["{ a: 1 }", 's.json:1:3: "a" where a name in double quotes or "}" belongs'],
  ['{ "a": 1', 's.json:1:9: the end where "," or "}" belongs'],
  ['"never ends', "s.json:1:1: a text that never ends or holds a line break"],
  ["{} {}", 's.json:1:4: "{" after the end'],
  ["/* never ends", "s.json:1:1: a comment that never ends"],
  ["01", 's.json:1:1: "0" where a value belongs'],
  ["", "s.json:1:1: the end where a value belongs"],
])("%j is refused with its place", (text, message) => {
  expect(() => parseJsonc(text, "s.json")).toThrow(message);
});

test("the hint shows the line itself", () => {
  expect(() => parseJsonc('{\n  "a": oops\n}', "s.json")).toThrow(
    expect.objectContaining({ code: "script-invalid", hint: 'Correct this line: "a": oops' }),
  );
});

test("a key named __proto__ is a key like any other", () => {
  const { value } = parseJsonc('{"__proto__": {"hacked": 1}}', "s.json");
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.keys(value as object)).toEqual(["__proto__"]);
});

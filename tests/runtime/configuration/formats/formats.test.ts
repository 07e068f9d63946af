import { expect, test } from "@jest/globals";
import type { Format, Plain } from "../../../../src/runtime/configuration/formats/format.js";
import { env } from "../../../../src/runtime/configuration/formats/env.js";
import { formatOf, prepareFormats } from "../../../../src/runtime/configuration/formats/index.js";
import { json } from "../../../../src/runtime/configuration/formats/json.js";
import { toml } from "../../../../src/runtime/configuration/formats/toml.js";
import { yaml } from "../../../../src/runtime/configuration/formats/yaml.js";

await prepareFormats();

/** Changes one value and returns the text. */
function change(format: Format, text: string, path: string, value: Plain): string {
  const written = format.read(text).values.find((one) => one.path.join(".") === path);
  if (written === undefined)
    throw new Error(`no ${path} in ${format.read(text).values.map((one) => one.path.join("."))}`);
  const edit = format.write(value, written, text);
  if (edit === null) throw new Error("not written");
  return text.slice(0, edit.from) + edit.put + text.slice(edit.to);
}

const valuesOf = (format: Format, text: string): Record<string, Plain> =>
  Object.fromEntries(format.read(text).values.map(({ path, value }) => [path.join("."), value]));

const ENV = `# Where it listens\r\n# (any port)\r\nPORT=7860\r\n\r\nexport NAME = "two words" # said behind\r\nEMPTY=\r\nQUOTED='it is'\r\nKEY: yaml-like\r\n`;

test("variables: values, words about them, and changes that leave every other byte", () => {
  expect(valuesOf(env, ENV)).toEqual({ PORT: "7860", NAME: "two words", EMPTY: "", QUOTED: "it is", KEY: "yaml-like" });
  const { values } = env.read(ENV);
  expect(values.map(({ comment }) => comment)).toEqual(["Where it listens\n(any port)", "said behind", "", "", ""]);
  expect(change(env, ENV, "PORT", "80")).toBe(ENV.replace("7860", "80"));
  expect(change(env, ENV, "NAME", "a # b")).toBe(ENV.replace("two words", "a # b"));
  expect(change(env, ENV, "EMPTY", "x")).toBe(ENV.replace("EMPTY=", "EMPTY=x"));
  expect(change(env, ENV, "QUOTED", "it's")).toBe(ENV.replace("'it is'", "it's"));
  expect(change(env, ENV, "KEY", "a\nb")).toBe(ENV.replace("yaml-like", "'a\nb'"));
});

test("variables: one that stands twice is changed where it counts; one is added and removed", () => {
  const text = "A=1\nB=2\nA=3";
  expect(env.read(text).notes).toEqual(["A stands there more than once; the last one counts"]);
  expect(change(env, text, "A", "4")).toBe("A=1\nB=2\nA=4");
  expect(env.add?.(text, "C", "x y")).toBe("A=1\nB=2\nA=3\nC=x y\n");
  expect(env.add?.("A=1\r\n", "C", "1")).toBe("A=1\r\nC=1\r\n");
  const [, b] = env.read("A=1\nB=2 # two\nC=3\n").values;
  expect(env.remove?.("A=1\nB=2 # two\nC=3\n", b!)).toBe("A=1\nC=3\n");
});

test("a value that holds every kind of quotes is read back as it was, whatever stands behind it", () => {
  const value = `a "b" 'c' \`d\` # e`;
  const text = change(env, "A=1 # about it\nB=2\n", "A", value);
  expect(valuesOf(env, text)).toEqual({ A: value, B: "2" });
});

const JSONC = `\uFEFF{
  // How warm
  "temperature": 0.70, /* of 2 */
  "server": { "port" : 7860, "name":"a\\u0041", "tls": false },
  "list": [1, 2, {"x": 3}],
  "big": 12345678901234567890,
  "none": null,
}
`;

test("JSON with comments: what is said above and behind, and a change where the value stands", () => {
  const { values, others } = json.read(JSONC);
  expect(valuesOf(json, JSONC)).toEqual({
    temperature: 0.7,
    "server.port": 7860,
    "server.name": "aA",
    "server.tls": false,
    none: null,
  });
  expect(values[0]?.comment).toBe("How warm\nof 2");
  expect(others).toBe(4);
  expect(change(json, JSONC, "temperature", 1)).toBe(JSONC.replace("0.70", "1.0"));
  expect(change(json, JSONC, "server.name", 'q"\n')).toBe(JSONC.replace('"a\\u0041"', '"q\\"\\n"'));
  expect(change(json, JSONC, "none", "x")).toBe(JSONC.replace("null", '"x"'));
});

test("JSON: of a name that stands twice the last one counts, with all that is below", () => {
  const text = `{"a": {"x": 1, "y": 2}, "a": {"x": 3}}`;
  expect(valuesOf(json, text)).toEqual({ "a.x": 3 });
  expect(json.read(text).notes).toEqual(['"a" stands twice in one object; the last one counts']);
  expect(change(json, text, "a.x", 4)).toBe(`{"a": {"x": 1, "y": 2}, "a": {"x": 4}}`);
});

test.each([
  ["{", "line 1: the end where a name"],
  ['{\n"a" 1}', 'line 2: "1" where ":" belongs after "a"'],
  ['{"a": nul}', "line 1: "],
  ["{}x", "after the end"],
  ["[".repeat(5_000), "deeper"],
  ['{"a": "\\q"}', "escape"],
  ["/* ", "comment that never ends"],
])("JSON that is none says where: %.20s", (text, words) => {
  expect(() => json.read(text)).toThrow(words);
});

const YAML = `# The server
server:
  port: 7860          # free or not
  host: '127.0.0.1'
  name: "My \\"app\\""
  debug: True
  old: yes
  empty:
  nothing: ~
model: llama   # one of: llama, mistral
ratio: 1.0
flow: {a: 1, b: two words}
list:
  - 1
  - {x: 2}
text: |
  several
  lines
base: &base
  steps: 20
copy: *base
tagged: !!str 12
? [1, 2]
: odd
`;

test("YAML: values in every style, and changes in the same style", () => {
  expect(valuesOf(yaml, YAML)).toMatchObject({
    "server.port": 7860,
    "server.host": "127.0.0.1",
    "server.name": 'My "app"',
    "server.debug": true,
    "server.old": true,
    "server.nothing": null,
    model: "llama",
    ratio: 1,
    "flow.a": 1,
    "flow.b": "two words",
    "base.steps": 20,
  });
  const names = Object.keys(valuesOf(yaml, YAML));
  for (const name of ["text", "copy", "tagged"]) expect(names).not.toContain(name);
  expect(yaml.read(YAML).values.find(({ path }) => path[0] === "model")?.comment).toBe("one of: llama, mistral");
  const same = (path: string, value: Plain, from: string, to: string): void => {
    expect(change(yaml, YAML, path, value)).toBe(YAML.replace(from, to));
    expect(valuesOf(yaml, change(yaml, YAML, path, value))[path]).toBe(value);
  };
  same("server.port", 80, "7860", "80");
  same("server.host", "it's", "'127.0.0.1'", "'it''s'");
  same("server.name", "a\tb", '"My \\"app\\""', '"a\\tb"');
  same("server.debug", false, "True", "False");
  same("server.old", false, "yes", "no");
  same("ratio", 2, "1.0", "2.0");
  same("flow.b", "a, b", "two words", '"a, b"');
  same("base.steps", 30, "20", "30");
});

test.each([
  "yes",
  "No",
  "null",
  "~",
  "1",
  "1e3",
  "0x10",
  "1_000",
  "12:30",
  "2020-01-01",
  "- a",
  "a: b",
  "a #b",
  "",
  " a",
  "#",
  "&a",
  "*a",
  "!a",
  "%a",
  "@a",
  "true",
  ".inf",
  "=",
  "<<",
  "a\nb",
  "[",
  "{",
  "|",
  ">",
  "'",
  '"',
  "y",
  "a: ",
  "a:b",
  "ä",
])("YAML: the text %j is written so that it stays one", (value) => {
  const text = change(yaml, "a:\n  b: word # c\nd: {e: word}\n", "a.b", value);
  expect(valuesOf(yaml, text)).toEqual({ "a.b": value, "d.e": "word" });
  const inFlow = change(yaml, "a:\n  b: word # c\nd: {e: word}\n", "d.e", value);
  expect(valuesOf(yaml, inFlow)).toEqual({ "a.b": "word", "d.e": value });
  // A reader of YAML 1.1 takes bare words for switches, numbers and times.
  expect(text).toMatch(/^[A-Za-z]{2,}$/.test(value) && !/^(?:yes|no|null|true)$/i.test(value) ? /b: \w+ #/ : /b: "/);
});

test("YAML: aliases that multiply are not followed, and twice the same name is a problem", () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    ...[..."bcdefghij"].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghij"[at]}`).join(",")}]`),
    "port: 1",
  ].join("\n");
  expect(valuesOf(yaml, bomb)).toEqual({ port: 1 });
  expect(change(yaml, bomb, "port", 2)).toBe(bomb.replace("port: 1", "port: 2"));
  expect(() => yaml.read("a: 1\na: 2\n")).toThrow(/line 2.*unique/i);
  expect(() => yaml.read("a: [1\n")).toThrow();
  expect(yaml.read("a: 1\n---\nb: 2\n").notes).toEqual(["It holds several documents: change it as text"]);
  expect(() => yaml.read(Array.from({ length: 60 }, (_, at) => `${" ".repeat(at)}a:`).join("\n") + " 1\n")).toThrow();
});

const TOML = `# Top
title = "An \\u0041pp"   # said behind
when = 1979-05-27 07:32:00Z
day = 1979-05-27
hex = 0xff
sep = 1_000
pi = 3.0
on = true
path = 'C:\\new'
list = [ 1, "]", { x = 1 } ] # no form
long = """
a = 1
"""

[server] # The server
port = 7860
"a.b".c = "x"
point = { x = 1, y = "}" }

[[many]]
name = "one"
[many.sub]
deep = 1
[other]
last = "z"
`;

test("TOML: values with their places; dates, lists and tables in lists are for the text", () => {
  expect(valuesOf(toml, TOML)).toEqual({
    title: "An App",
    hex: 255,
    sep: 1000,
    pi: 3,
    on: true,
    path: "C:\\new",
    "server.port": 7860,
    "server.a.b.c": "x",
    "server.point.x": 1,
    "server.point.y": "}",
    "other.last": "z",
  });
  const same = (path: string, value: Plain, from: string, to: string): void =>
    expect(change(toml, TOML, path, value)).toBe(TOML.replace(from, to));
  same("title", 'say "x"', '"An \\u0041pp"', '"say \\"x\\""');
  same("pi", 4, "3.0", "4.0");
  same("on", false, "true", "false");
  same("path", "D:\\old", "C:\\new", "D:\\old");
  same("server.point.y", "{", '"}"', '"{"');
  same("other.last", "é", '"z"', '"é"');
});

test.each(["a = ", "a = 1\na = 2", "[a]\n[a]", "a = 2020-13-01", "a = [1", 'a = "\n"'])(
  "TOML that is none: %j",
  (text) => {
    expect(() => toml.read(text)).toThrow();
  },
);

test("a format is told by a file's name", () => {
  expect(formatOf("Settings.YML")?.name).toBe("yaml");
  expect(formatOf("ENVIRONMENT")?.name).toBe("env");
  expect(formatOf(".env")?.name).toBe("env");
  expect(formatOf("x.py")).toBeNull();
});

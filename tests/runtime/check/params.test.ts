import { describe, expect, test } from "@jest/globals";
import { strayParams, wrongParams } from "../../../src/runtime/check/params.js";
import { UNKNOWN } from "../../../src/runtime/check/unknown.js";
import { findMethod } from "../../../src/runtime/methods/index.js";

const schemaOf = (name: string) => {
  const method = findMethod(name);
  if (method === undefined) throw new Error(`${name} is no method`);
  return method.params;
};

describe("path and expectation of what a method refuses", () => {
  test.each<[string, unknown, string[]]>([
    ["shell.run", { message: "a", path: 7 }, ["params.path: invalid input: expected string, received number"]],
    ["fs.write", {}, ["params.path: invalid input: expected string, received undefined"]],
    ["fs.download", { url: "http://host/x" }, ["params.path: needs path or dir"]],
    ["shell.run", { message: "a", path: "b", conda: "env" }, []],
    ["notify", undefined, []],
  ])("%s", (method, params, expected) => expect(wrongParams(schemaOf(method), params)).toEqual(expected));
});

test.each<[string, unknown]>([
  ["shell.run", { message: UNKNOWN, path: UNKNOWN }],
  ["shell.run", { venv: { path: UNKNOWN, python: "3.10" } }],
  ["fs.download", { url: UNKNOWN, dir: UNKNOWN }],
  ["fs.rm", UNKNOWN],
  ["local.set", { a: UNKNOWN }],
])("what is not known yet counts as right: %s", (method, params) => {
  expect(wrongParams(schemaOf(method), params)).toEqual([]);
});

const warning = (message: string) => ({ level: "warning", message });
const info = (message: string) => ({ level: "info", message });

test.each<[string, unknown, unknown[]]>([
  ["shell.run", { mesage: "a" }, [warning('shell.run has no parameter "mesage"; did you mean message?')]],
  ["shell.run", { message: "a", when: "{{x}}" }, [warning('"when" stands inside params, where it has no effect')]],
  [
    "shell.run",
    { message: "a", foo: 1, qwerty: 1 },
    [info('shell.run does not read the parameter "foo"'), info('shell.run does not read the parameter "qwerty"')],
  ],
  ["hf.login", { force: true, user: "me" }, [info('hf.login does not read the parameter "user"')]],
  ["hf.download", { _: ["org/model"], "max-workers": 4 }, []],
  ["local.set", { anything: 1 }, []],
  ["modal", { anything: 1 }, []],
])("a name that no method reads: %s %j", (method, params, expected) => {
  expect(strayParams(method, schemaOf(method), params)).toEqual(expected);
});

import { expect, test } from "@jest/globals";
import { findMethod, methods, methodsLike } from "../../../src/runtime/methods/index.js";

test("every method says what it does", () => {
  for (const [name, { summary }] of Object.entries(methods))
    expect([name, summary]).toEqual([name, expect.stringMatching(/^[A-Z].*[^.]$/)]);
});

test("what every object inherits is no method", () => {
  for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"])
    expect(findMethod(name)).toBeUndefined();
});

test.each([
  ["shell.rum", "shell.run"],
  ["local.sett", "local.set"],
  ["lgo", "log"],
  ["shell.execute", "shell.enter"],
])("%s is most like %s", (name, expected) => {
  expect(methodsLike(name)[0]).toBe(expected);
});

test("a name like no other brings no guess", () => {
  expect(methodsLike("entirely.unknown")).toEqual([]);
});

import { expect, test } from "@jest/globals";
import { tracedParams } from "../../../src/runtime/runner/traced-params.js";

test("values of several lines are told as variables, beside those that are there", () => {
  const message = { _: ["python", "-c", "a\nb"], flags: { text: "c\r\nd", short: "e" } };
  expect(tracedParams("shell.run", { message, env: { KEPT: "1" } })).toEqual({
    message: {
      _: ["python", "-c", "__PINOKIO_ENVARG_0__"],
      flags: { text: "__PINOKIO_ENVARG_1__", short: "e" },
    },
    env: { KEPT: "1", PINOKIO_ARG_0: "a\nb", PINOKIO_ARG_1: "c\r\nd" },
    _pinokio_env_args: [
      { name: "PINOKIO_ARG_0", value: "a\nb" },
      { name: "PINOKIO_ARG_1", value: "c\r\nd" },
    ],
    _pinokio_cmd_delayed_expansion: false,
  });
});

test.each<[string, unknown]>([
  ["shell.run", { message: "a\nb" }],
  ["shell.run", { message: { _: ["one line"] } }],
  ["log", { message: { _: ["a\nb"] } }],
  ["shell.run", null],
])("%s %j stays as it is", (method, params) => {
  expect(tracedParams(method, params)).toBe(params);
});

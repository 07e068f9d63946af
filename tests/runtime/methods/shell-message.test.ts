import { describe, expect, test } from "@jest/globals";
import { commandsOf, wordsOf } from "../../../src/runtime/methods/shell-message.js";

const lines = (message: unknown, chain?: unknown): string[] => commandsOf(message, chain).map(({ line }) => line);

describe("a message", () => {
  test.each([
    ["as text", "echo a; echo b", ["echo a; echo b"]],
    ["missing", undefined, [""]],
    ["empty", "", [""]],
    ["as a list: one shell each", ["echo a", "echo b"], ["echo a", "echo b"]],
    ["entries that came to nothing are left out", ["", null, false, "echo a"], ["echo a"]],
    ["a blank entry still makes a shell", [" "], [" "]],
    ["a list of nothing runs nothing", [null, ""], []],
    ["an empty list makes the environment", [], [""]],
    ["a number", 5, ["5"]],
  ])("%s", (_, message, expected) => {
    expect(lines(message)).toEqual(expected);
  });

  test.each([
    ["&", "a && b"],
    ["|", "a || b"],
    ["*", "a ; b"],
    [true, "a && b"],
  ])("chained by %j runs in one shell", (chain, expected) => {
    expect(lines(["a", "", " ", "b"], chain)).toEqual([expected]);
  });

  test("chained by | comes after what activates its environment", () => {
    const [command] = commandsOf(["a", "b"], "|", { isActivated: true });
    expect(command?.line).toBe("true || a || b");
  });
});

describe("a command as an object", () => {
  test("is quoted word by word", () => {
    const message = { _: ["printf", "[%s]", "a b", "it's", "$HOME", "{{args.nope}}"], flag: true, n: 3 };
    expect(lines(message)).toEqual([`'printf' '[%s]' 'a b' 'it'"'"'s' '$HOME' '--flag' '-n' '3'`]);
  });

  test.each([
    [{ _: ["x"], force: false }, ["x", "--no-force"]],
    [{ _: ["x"], a: "1", long: "2", "-v": true }, ["x", "-a", "1", "--long", "2", "-v"]],
    [{ _: ["x"], tag: ["a", "b"] }, ["x", "--tag", "a", "--tag", "b"]],
    [{ _: ["x"], set: { a: { b: 1 } } }, ["x", "--set.a.b", "1"]],
    [{ _: ["x"], none: null, gone: undefined }, ["x"]],
    [{ _: ["x"], v: 1, "--": ["rest", "-y"] }, ["x", "-v", "1", "--", "rest", "-y"]],
    [{ _: ["x"], "dry-run": true, dryRun: true }, ["x", "--dry-run"]],
    [{ _: "x" }, ["x"]],
  ])("%j", (message, expected) => {
    expect(wordsOf(message)).toEqual(expected);
  });

  test("a value of several lines goes through a variable", () => {
    expect(commandsOf({ _: ["echo", "a\nb"] }, undefined)).toEqual([
      { line: `'echo' "$PINOKIO_ARG_0"`, variables: { PINOKIO_ARG_0: "a\nb" } },
    ]);
  });
});

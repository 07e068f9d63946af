import { expect, test } from "@jest/globals";
import { AppId, appIdOf } from "../../../src/runtime/protocol/ids.js";

test.each(["hello", "My App (2)", "a..b", "日本語", "x".repeat(200), "é".repeat(100)])("%j names an app", (name) => {
  expect(AppId.safeParse(name).success).toBe(true);
});

test.each(
  ["", " ", "\u00a0", ".", "..", "..zz", ".git", "-rf", "a/b", "a\\b", "a\0", "a\nb", "a\x1b", "a\x85"].concat([
    "__proto__",
    "x".repeat(201),
    "日".repeat(67),
  ]),
)("%j names none, and that is said with what a name is", (name) => {
  expect(AppId.safeParse(name).success).toBe(false);
  expect(() => appIdOf(name)).toThrow(
    expect.objectContaining({ code: "app-invalid", hint: expect.stringMatching(/^A name/) as unknown }),
  );
});

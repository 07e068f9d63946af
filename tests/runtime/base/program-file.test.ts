import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { interpreterOf } from "../../../src/runtime/base/program-file.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test.each([
  ["serve.py", "import os", "python"],
  ["go.SH", "true", "bash"],
  ["main.js", "console.log(process.argv)", "node"],
  ["main.mjs", "import fs from 'node:fs'\nconst module = 1\nfs.x(module)", "node"],
  ["script.js", "module.exports = { run: [] }", null],
  ["class.js", "class A {}\nexports.run = []", null],
  ["esm.js", "const x = 1\nexport default { run: [] }", null],
  ["empty.js", " \n", null],
  ["start.json", "{}", null],
])("%s holding %s is run by %s", (name, text, interpreter) => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, name), text);
  expect(interpreterOf(join(folder.path, name))).toBe(interpreter);
});

test("JavaScript is a program only where that may be, others always", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "main.js");
  writeFileSync(file, "console.log(1)");
  expect(interpreterOf(file, { orJavaScript: false })).toBeNull();
  expect(interpreterOf("/x/a.py", { orJavaScript: false })).toBe("python");
});

test("a file that is not there is left to whoever loads it", () => {
  expect(interpreterOf("/nowhere/x.js")).toBeNull();
});

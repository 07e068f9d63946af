import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { makeFolder } from "../../../src/runtime/base/make-folder.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("makes what is missing, with the mode for the last one only", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a/b/c");
  makeFolder(path, 0o700);
  makeFolder(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder.path, "a")).isDirectory()).toBe(true);
});

test("fails where a file is in the way, and returns where nothing can be made", () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "file"), "");
  expect(() => makeFolder(join(folder.path, "file/below"))).toThrow(/ENOTDIR|EEXIST/);
  expect(() => makeFolder("/proc/nowhere/below")).toThrow(/ENOENT|EPERM|EACCES/);
});

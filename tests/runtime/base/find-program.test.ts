import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { findProgram } from "../../../src/runtime/base/find-program.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("the first program on the path that may be run is found", () => {
  using folder = temporaryFolder();
  for (const name of ["one", "two"]) mkdirSync(join(folder.path, name));
  writeFileSync(join(folder.path, "one", "tool"), "not a program");
  writeFileSync(join(folder.path, "two", "tool"), "#!/bin/sh\n");
  chmodSync(join(folder.path, "two", "tool"), 0o755);
  mkdirSync(join(folder.path, "one", "folder"));
  const path = `${join(folder.path, "one")}:${join(folder.path, "two")}`;

  expect(findProgram("tool", path)).toBe(join(folder.path, "two", "tool"));
  expect(findProgram("folder", path)).toBeNull();
  expect(findProgram("missing", path)).toBeNull();
  expect(findProgram("tool", undefined)).toBeNull();
  expect(findProgram(join(folder.path, "two", "tool"), "")).toBe(join(folder.path, "two", "tool"));
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { namesIn } from "../../../src/runtime/base/names-in.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("a folder that is missing, or none, holds no names", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "one");
  writeFileSync(file, "");
  expect(namesIn(folder.path)).toEqual(["one"]);
  expect(namesIn(file)).toEqual([]);
  expect(namesIn(join(folder.path, "none"))).toEqual([]);
});

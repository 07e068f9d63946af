import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { environmentsBelow } from "../../../src/runtime/script/environments-below.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("environments are found four folders down, not in one another and not where packages lie", async () => {
  using folder = temporaryFolder();
  const made = (path: string): string => {
    const environment = join(folder.path, path);
    mkdirSync(environment, { recursive: true });
    writeFileSync(join(environment, "pyvenv.cfg"), "");
    return environment;
  };
  const found = [made("a/b/c/env"), made("env")];
  for (const path of ["a/b/c/d/env", "env/inner", "node_modules/env", ".git/env"]) made(path);
  expect(await environmentsBelow(folder.path)).toEqual(found);
  expect(await environmentsBelow(join(folder.path, "gone"))).toEqual([]);
});

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "@jest/globals";

test("the reference of methods is as the methods are", () => {
  execFileSync(process.execPath, [fileURLToPath(new URL("../../scripts/docs.mjs", import.meta.url)), "--check"]);
});

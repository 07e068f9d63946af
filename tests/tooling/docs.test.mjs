import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "@jest/globals";

test("the references of methods and failures are as the sources are", () => {
  execFileSync(process.execPath, [fileURLToPath(new URL("../../scripts/docs.mjs", import.meta.url)), "--check"]);
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { RunSecrets } from "../../../src/runtime/runner/run-secrets.js";
import { errorLogOf } from "../../../src/runtime/runner/error-log.js";
import { until } from "../../helpers/test-runner.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("each failure is one line of the home's log; without one there is no file", async () => {
  using home = temporaryFolder();
  const file = join(home.path, "logs", "api_errors.log");
  const secrets = new RunSecrets(join(home.path, "secrets.json"));
  secrets.add(["correct-horse-battery-staple"]);
  const write = errorLogOf(home.path, secrets.hideIn);
  expect(existsSync(file)).toBe(false);
  for (const message of ["first\nof two lines", "second correct-horse-battery-staple"]) {
    write({ message, index: 3, context: { step: "correct-horse-battery-staple" } } as unknown as Parameters<
      typeof write
    >[0]);
  }
  const text = await until(
    () => (existsSync(file) ? readFileSync(file, "utf8") : ""),
    (read) => read.includes("second"),
  );
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toMatchObject([
    { message: "first\nof two lines", index: 3 },
    { message: `second ${"*".repeat(28)}`, index: 3, context: { step: "*".repeat(28) } },
  ]);
});

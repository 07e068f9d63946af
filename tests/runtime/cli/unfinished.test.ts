import { expect, test } from "@jest/globals";
import { troubleText } from "../../../src/runtime/cli/unfinished.js";
import type { App } from "../../../src/runtime/protocol/apps.js";
import { sampleApp } from "../../helpers/samples.js";

const problem = { code: "menu-failed", message: "pinokio.js:1 threw: no\u202e" } as const;

test.each<[string, Partial<App>, string | null]>([
  ["nothing", { status: "stopped" }, null],
  [
    "an installation that was stopped",
    { status: "error", state: "install-failed", why: "install.json was stopped" },
    "hello is not installed yet: install.json was stopped. Go on with: pinokiocloud install hello",
  ],
  ["a launcher that fails", { status: "error", problem }, "hello cannot be started: pinokio.js:1 threw: no\\u202e"],
  ["a run that failed", { status: "error" }, "hello has failed. What can be done: pinokiocloud repair hello"],
])("what is the matter with an app is said with the way on: %s", (_, app, expected) => {
  expect(troubleText(sampleApp(app))).toBe(expected);
});

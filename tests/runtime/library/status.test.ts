import { expect, test } from "@jest/globals";
import { statusOf, whyUnfinished } from "../../../src/runtime/library/status.js";
import { appIdOf, RunId } from "../../../src/runtime/protocol/ids.js";
import type { App } from "../../../src/runtime/protocol/apps.js";
import type { Outcome, Run } from "../../../src/runtime/protocol/runs.js";
import { sampleRun } from "../../helpers/samples.js";

const ended = (outcome: Outcome, script = "hello/start.json"): Run =>
  sampleRun({ script, state: "ended", end: { outcome, error: null, at: "2026-01-01T00:00:00.000Z" } });
const INSTALL = "hello/install.json";
const INSTALLED = { state: "installed", problem: null, update: null } as const;
const UNDONE = { ...ended("failed", "hello/update.json"), id: RunId.parse("run_000000000002") };
const UPDATE = { commits: 3, foundAt: "2026-01-01T00:00:00.000Z" };

test.each<[string, Partial<Pick<App, "state" | "problem" | "update">>, Run[]]>([
  ["installed", {}, [ended("finished", INSTALL)]],
  ["installing", { state: "installing" }, [sampleRun({ script: INSTALL })]],
  ["not-installed", { state: "choose" }, []],
  ["running", { update: UPDATE }, [ended("failed"), sampleRun()]],
  ["running", {}, [sampleRun(), sampleRun({ state: "queued" })]],
  ["queued", {}, [ended("failed"), sampleRun({ state: "queued" })]],
  ["stopped", {}, [ended("failed"), ended("stopped")]],
  ["update", { update: UPDATE }, [ended("stopped")]],
  ["error", {}, [ended("crashed")]],
  ["stopped", {}, [ended("finished"), { ...ended("failed"), takenBack: true }]],
  [
    "installed",
    {},
    [
      { ...UNDONE, takenBack: true },
      { ...ended("failed", "hello/part.json"), parent: UNDONE.id },
    ],
  ],
  ["error", { state: "install-failed" }, []],
  ["error", { problem: { code: "menu-failed", message: "no" }, update: UPDATE }, []],
])("an app is called %s by the most pressing of what is true", (status, known, runs) => {
  expect(statusOf({ ...INSTALLED, ...known }, runs, ({ script }) => script === INSTALL)).toBe(status);
});

const failed = sampleRun({
  script: INSTALL,
  state: "ended",
  end: { outcome: "failed", error: { code: "step-failed", message: "pip ended with 1" }, at: "" },
});

test.each<[string | null, App["state"], Run[], (string | null)?]>([
  ["x takes 38 MB", "install-failed", [failed], "x takes 38 MB"],
  [null, "installed", [ended("failed", INSTALL)]],
  ["It can be installed in several ways, and nobody has chosen one", "choose", []],
  ["Its installation was cut off", "install-failed", [ended("finished")]],
  ["install.json was stopped", "install-failed", [failed, ended("stopped", INSTALL), ended("crashed")]],
  ["install.json failed: pip ended with 1", "install-failed", [failed]],
  ["install.json was cut off", "install-failed", [ended("lost", INSTALL)]],
])("why an installation is not over: %s", (why, state, runs, notBegun = null) => {
  expect(whyUnfinished({ id: appIdOf("hello"), state, notBegun }, runs, ({ script }) => script === INSTALL)).toBe(why);
});

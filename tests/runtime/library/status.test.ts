import { expect, test } from "@jest/globals";
import { statusOf } from "../../../src/runtime/library/status.js";
import type { App } from "../../../src/runtime/protocol/apps.js";
import type { Outcome, Run } from "../../../src/runtime/protocol/runs.js";
import { sampleRun } from "../../helpers/samples.js";

const ended = (outcome: Outcome, script = "hello/start.json"): Run =>
  sampleRun({ script, state: "ended", end: { outcome, error: null, at: "2026-01-01T00:00:00.000Z" } });
const INSTALL = "hello/install.json";
const INSTALLED = { state: "installed", problem: null, update: null } as const;
const UPDATE = { commits: 3, foundAt: "2026-01-01T00:00:00.000Z" };

test.each<[string, Partial<Pick<App, "state" | "problem" | "update">>, Run[]]>([
  ["installed", {}, [ended("finished", INSTALL)]],
  ["installing", { state: "installing" }, [sampleRun({ script: INSTALL })]],
  ["not-installed", { state: "choose" }, []],
  ["running", { update: UPDATE }, [ended("failed"), sampleRun()]],
  ["stopped", {}, [ended("failed"), ended("stopped")]],
  ["update", { update: UPDATE }, [ended("stopped")]],
  ["error", {}, [ended("crashed")]],
  ["error", { state: "install-failed" }, []],
  ["error", { problem: { code: "menu-failed", message: "no" }, update: UPDATE }, []],
])("an app is called %s by the most pressing of what is true", (status, known, runs) => {
  expect(statusOf({ ...INSTALLED, ...known }, runs, ({ script }) => script === INSTALL)).toBe(status);
});

import { expect, test } from "@jest/globals";
import { RunId } from "../../src/runtime/protocol/ids.js";
import type { Run } from "../../src/runtime/protocol/runs.js";
import { appSituation, linksOf, webPageOf } from "../../src/widgets/app-condition.js";
import { untranslated } from "../../src/widgets/view.js";
import { sampleApp, sampleRun } from "../helpers/samples.js";

const ended = (outcome: NonNullable<Run["end"]>["outcome"]): Partial<Run> => ({
  state: "ended",
  end: { outcome, error: null, at: "2026-01-01T00:01:00.000Z" },
});

const OLDER = { id: RunId.parse("run_000000000000"), startedAt: "2025-01-01T00:00:00.000Z" };

test.each<[string, Parameters<typeof sampleApp>[0], Partial<Run>[], string, string]>([
  ["fresh", {}, [], "idle", "Installed"],
  ["with an update", { update: { commits: 2, foundAt: "" } }, [ended("finished")], "idle", "Update available"],
  ["that was stopped, with an update", { update: { commits: 2, foundAt: "" } }, [ended("stopped")], "idle", "Stopped"],
  ["being installed", { state: "installing" }, [{}], "busy", "Installing"],
  ["that waits for a choice", { state: "choose" }, [], "warning", "Choose how to install"],
  ["whose install failed", { state: "install-failed" }, [ended("failed")], "bad", "Install failed"],
  ["whose install was cancelled", { state: "install-failed" }, [ended("stopped")], "idle", "Install cancelled"],
  ["starting", {}, [{ state: "starting" }], "busy", "Starting"],
  ["ready, while another script runs", {}, [{ ...OLDER, state: "ready" }, { state: "running" }], "good", "Ready"],
  ["stopped", {}, [ended("stopped")], "idle", "Stopped"],
  ["whose script finished", {}, [ended("finished")], "idle", "Installed"],
  ["whose script failed", {}, [{ ...OLDER, ...ended("finished") }, ended("failed")], "bad", "Failed"],
  ["that was started again after a failure", {}, [{ ...OLDER, ...ended("failed") }, {}], "busy", "Running"],
])("an app %s", (_, app, runs, tone, word) => {
  const { condition } = appSituation(sampleApp(app), runs.map(sampleRun), untranslated);
  expect(condition).toEqual({ tone, word });
});

test("a failure goes away with the next start", () => {
  const failed = sampleRun({ ...OLDER, ...ended("crashed") });
  expect(appSituation(sampleApp(), [failed], untranslated).failure?.error.code).toBe("runner-lost");
  expect(appSituation(sampleApp(), [failed, sampleRun()], untranslated).failure).toBeNull();
});

test("only web addresses are links, and each once", () => {
  const local = { port: 1, a: "http://x/a", url: "http://x/", again: "http://x/", evil: "javascript:alert(1)" };
  expect(linksOf(sampleRun({ local }))).toEqual(["http://x/", "http://x/a"]);
});

test("an app's web page is known from its run before the app says it, and not while it is being installed", () => {
  const run = sampleRun({ state: "ready", local: { url: "http://127.0.0.1:42003" } });
  const app = sampleApp({ runs: [run.id] });
  expect(webPageOf(app, [run])).toBe("http://127.0.0.1:42003");
  expect(webPageOf({ ...app, url: "http://127.0.0.1:42003/ui" }, [run])).toBe("http://127.0.0.1:42003/ui");
  expect(webPageOf({ ...app, state: "installing" }, [run])).toBeNull();
  expect(webPageOf(app, [{ ...run, state: "ended" }])).toBeNull();
});

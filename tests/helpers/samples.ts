import { AppId, RunId } from "../../src/runtime/protocol/ids.js";
import type { App } from "../../src/runtime/protocol/apps.js";
import { newRun, type Run } from "../../src/runtime/protocol/runs.js";

export const sampleRun = (change: Partial<Run> = {}): Run =>
  newRun({
    id: RunId.parse("run_000000000001"),
    appId: AppId.parse("hello"),
    script: "hello/start.json",
    action: "run",
    state: "running",
    startedAt: "2026-01-01T00:00:00.000Z",
    ...change,
  });

export const sampleApp = (change: Partial<App> = {}): App => ({
  id: AppId.parse("hello"),
  title: "Hello",
  description: "",
  icon: null,
  state: "installed",
  installers: [],
  source: "/somewhere/hello",
  path: "/home/api/hello",
  menu: [],
  problem: null,
  runs: [],
  url: null,
  installedAt: null,
  ...change,
});

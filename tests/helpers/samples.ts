import { AppId, RunId } from "../../src/runtime/protocol/ids.js";
import type { App } from "../../src/runtime/protocol/apps.js";
import type { Run } from "../../src/runtime/protocol/runs.js";

export const sampleRun = (change: Partial<Run> = {}): Run => ({
  id: RunId.parse("run_000000000001"),
  appId: AppId.parse("hello"),
  script: "hello/start.json",
  action: "run",
  state: "running",
  daemon: false,
  end: null,
  step: null,
  local: {},
  shells: 0,
  startedAt: "2026-01-01T00:00:00.000Z",
  outputBytes: 0,
  warnings: [],
  ...change,
});

export const sampleApp = (change: Partial<App> = {}): App => ({
  id: AppId.parse("hello"),
  title: "Hello",
  description: "",
  icon: null,
  state: "installed",
  source: "/somewhere/hello",
  path: "/home/api/hello",
  menu: [],
  problem: null,
  runs: [],
  url: null,
  installedAt: null,
  ...change,
});

import { AppId, JobId, RunId } from "../../src/runtime/protocol/ids.js";
import type { App } from "../../src/runtime/protocol/apps.js";
import type { InstalledPackageView } from "../../src/runtime/protocol/package-requests.js";
import type { FoundPackage } from "../../src/runtime/protocol/packages.js";
import type { Job } from "../../src/runtime/protocol/jobs.js";
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

/** A package that came only since hello needs it. */
export const sampleCame = (change: Partial<InstalledPackageView> = {}): InstalledPackageView => ({
  ...{ id: "index/mid", type: "app", name: "Mid", version: null, commit: null, place: "api/mid" },
  ...{ installedAt: null, wanted: false, neededBy: ["hello"], problem: null },
  ...change,
});

export const samplePackage = (change: Partial<FoundPackage> = {}): FoundPackage => ({
  id: "hello",
  source: "built-in",
  type: "app",
  name: "Hello",
  summary: "Says hello",
  category: "utility",
  tags: ["sample"],
  install: "built-in:hello",
  repository: null,
  version: null,
  commit: null,
  dependencies: [],
  requires: {
    gpu: "none",
    vramGB: null,
    diskGB: null,
    platforms: ["linux"],
    conda: false,
    sudo: false,
    credentials: [],
    external: [],
  },
  models: [],
  files: [],
  python: [],
  upstream: null,
  port: null,
  linux: "works",
  cpu: "yes",
  available: true,
  warning: null,
  icon: null,
  popularity: null,
  fit: { verdict: "fits", reasons: [{ text: "needs no graphics card", verdict: "fits" }] },
  installed: null,
  favorite: false,
  lastUsedAt: null,
  ...change,
});

export const sampleJob = (change: Partial<Job> = {}): Job => ({
  id: JobId.parse("job_000000000001"),
  kind: "install",
  appId: AppId.parse("hello"),
  title: "Install Hello",
  state: "working",
  phase: "fetch",
  progress: null,
  step: null,
  runId: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: null,
  expectedMs: null,
  error: null,
  canCancel: true,
  ...change,
});

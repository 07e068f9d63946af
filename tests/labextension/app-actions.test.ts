import { beforeAll, expect, jest, test } from "@jest/globals";
import { createSidecarClient } from "../../src/runtime/client/sidecar-client.js";
import type { App } from "../../src/runtime/protocol/apps.js";
import { RunId } from "../../src/runtime/protocol/ids.js";
import type { AppAction } from "../../src/labextension/app-actions.js";
import type { ISidecar } from "../../src/labextension/tokens.js";
import { browserTimers } from "../../src/widgets/browser-timers.js";
import { MemorySidecar } from "../helpers/memory-sidecar.js";
import { sampleApp, sampleJob, sampleRun } from "../helpers/samples.js";

// Only pictures come from there, and jest cannot read how that package is written.
jest.unstable_mockModule("@jupyterlab/ui-components", () => {
  const names = "delete download file folder launch refresh run settings stop undo".split(" ");
  return { LabIcon: class {}, ...Object.fromEntries(names.map((name) => [`${name}Icon`, name])) };
});

let actions: readonly AppAction[];
beforeAll(async () => {
  actions = (await import("../../src/labextension/app-actions.js")).APP_ACTIONS;
});

const action = (label: string): AppAction => actions.find((one) => one.label === label)!;

async function world(prepare: (sidecar: MemorySidecar) => void) {
  const sidecar = new MemorySidecar();
  prepare(sidecar);
  const client = createSidecarClient({
    transport: sidecar.transport,
    timers: browserTimers,
    client: { name: "test", version: "0" },
  });
  await client.request("apps.list", {});
  const shown: unknown[] = [];
  const show = (wishes: unknown = null): Promise<void> => Promise.resolve(void shown.push(wishes));
  return {
    sidecar,
    client,
    shown,
    act: (label: string, app: App) => action(label).act(app, { sidecar: { client } as ISidecar, show }),
  };
}

const failed = sampleRun({
  state: "ended",
  end: { at: "2026-01-01T00:00:01.000Z", outcome: "failed", error: { code: "step-failed", message: "It broke" } },
});

test("an app's page, settings and files are shown", async () => {
  const { shown, act, client } = await world(() => undefined);
  for (const label of ["Show an app's page…", "Change the settings of an app…", "Show the files of an app"])
    await act(label, sampleApp());
  expect(shown).toEqual([null, { section: "settings" }, { section: "files" }]);
  client.close();
});

test("what failed last is started again and shown, unless something runs", async () => {
  const next = RunId.parse("run_000000000009");
  const { sidecar, shown, act, client } = await world(({ state, handlers }) => {
    state.apps.push(sampleApp());
    state.runs.push(failed);
    handlers["runs.again"] = () => ({ run: sampleRun({ id: next }), already: false });
  });
  const { fits } = action("Retry what failed in an app");
  const state = client.state!;
  expect(fits(sampleApp(), state)).toBe(true);
  expect(fits(sampleApp({ runs: [next] }), state)).toBe(false);
  expect(
    fits(sampleApp(), { ...state, runs: [sampleRun({ ...failed, end: { ...failed.end!, outcome: "finished" } })] }),
  ).toBe(false);
  await act("Retry what failed in an app", sampleApp());
  expect(sidecar.asked("runs.again")).toEqual([{ runId: failed.id }]);
  expect(shown).toEqual([{ run: next }]);
  client.close();
});

test("only an install that was left half done is resumed, on its page", async () => {
  const half = sampleApp({ state: "install-failed" });
  const { sidecar, shown, act, client } = await world(({ state, handlers }) => {
    state.apps.push(half);
    handlers["apps.resume"] = () => ({ appId: half.id, runId: failed.id, job: sampleJob() });
  });
  const { fits } = action("Resume an install");
  expect([fits(half, client.state!), fits(sampleApp(), client.state!)]).toEqual([true, false]);
  expect(fits(half, { ...client.state!, jobs: [sampleJob()] })).toBe(false);
  await act("Resume an install", half);
  expect(sidecar.asked("apps.resume")).toEqual([{ appId: "hello" }]);
  expect(shown).toEqual([null]);
  client.close();
});

import { expect, test } from "@jest/globals";
import { applyEvent } from "../../../src/runtime/client/store.js";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";

const empty = {
  apps: [],
  runs: [],
  jobs: [],
  environments: { changes: 0, active: null },
  notices: [],
  mode: "full" as const,
  modeReason: null,
};

test("a changed app keeps its place", () => {
  const [a, b] = ["a", "b"].map((id) => sampleApp({ id: AppId.parse(id) }));
  const state = { ...empty, apps: [a!, b!] };
  const after = applyEvent(state, { type: "app-changed", app: { ...a!, title: "New" } });
  expect(after.apps.map(({ id, title }) => [id, title])).toEqual([
    ["a", "New"],
    ["b", "Hello"],
  ]);
  expect(state.apps[0]!.title).toBe("Hello");
});

test("a new run is added at the end, a removed one leaves", () => {
  const first = sampleRun();
  const second = sampleRun({ id: RunId.parse("run_000000000002") });
  const both = applyEvent({ ...empty, runs: [first] }, { type: "run-changed", run: second });
  expect(both.runs).toEqual([first, second]);
  expect(applyEvent(both, { type: "run-removed", runId: first.id }).runs).toEqual([second]);
});

test("applying an event twice does no harm", () => {
  const once = applyEvent(empty, { type: "app-changed", app: sampleApp() });
  expect(applyEvent(once, { type: "app-changed", app: sampleApp() })).toEqual(once);
});

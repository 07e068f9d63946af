import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { RunRecord } from "../../../src/runtime/protocol/channel.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { RUN } from "../../../src/runtime/protocol/limits.js";
import { RunSecrets } from "../../../src/runtime/runner/run-secrets.js";
import { RunStateKeeper } from "../../../src/runtime/runner/run-state.js";
import { until } from "../../helpers/command-line.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const START = sampleRun({ appId: null, script: "app/start.json", state: "starting" });

function keeper(folder: string, local: unknown = {}, hide?: (text: string) => string) {
  const file = join(folder, "run.json");
  const changes: string[] = [];
  const state = new RunStateKeeper({
    record: { run: START, socket: "/s", process: null, version: "1", key: null },
    file,
    local: () => local,
    ...(hide === undefined ? {} : { hide }),
    onChanged: () => void changes.push(state.run.state),
  });
  const read = (): Run => RunRecord.parse(JSON.parse(readFileSync(file, "utf8"))).run;
  return { state, changes, read };
}

test("a move is written and told at once; smaller changes together, soon after", async () => {
  using folder = temporaryFolder();
  const { state, changes, read } = keeper(folder.path, { url: "u", fn: () => 1 });
  state.moveTo("running");
  expect(read().state).toBe("running");
  for (let shells = 1; shells <= 5; shells++) state.update({ shells });
  state.memoryChanged();
  expect(read().shells).toBe(0);
  await until(read, ({ shells }) => shells === 5, 1_000);
  expect(read().local).toEqual({ url: "u" });
  expect(changes).toEqual(["running", "running"]);
});

test("a move that cannot be names both ends", () => {
  using folder = temporaryFolder();
  const { state } = keeper(folder.path);
  expect(() => state.moveTo("ready")).toThrow('A run cannot go from "starting" to "ready"');
  state.end("failed", null);
  expect(() => state.moveTo("running")).toThrow('A run cannot go from "ended" to "running"');
});

test("an end says when, and forgets step and shells", () => {
  using folder = temporaryFolder();
  const { state, read } = keeper(folder.path);
  state.moveTo("running");
  state.update({ shells: 2, step: { index: 0, total: 1, method: "log", startedAt: "now" } });
  expect(state.end("finished", null)).toBe(true);
  expect(read()).toMatchObject({ state: "ended", step: null, shells: 0, end: { outcome: "finished" } });
});

test("a warning is kept once", () => {
  using folder = temporaryFolder();
  const { state } = keeper(folder.path);
  expect([state.warn("a"), state.warn("a"), state.warn("b")]).toEqual([true, false, true]);
  state.moveTo("running");
  expect(state.run.warnings).toEqual(["a", "b"]);
});

test("a record that cannot be written ends nothing", () => {
  const { state } = keeper("/proc/nowhere");
  expect(() => state.moveTo("running")).not.toThrow();
  expect(state.end("finished", null)).toBe(false);
  expect(state.publish()).toBe(false);
});

test("how it ended is told without tokens", () => {
  using folder = temporaryFolder();
  const { state, read } = keeper(folder.path);
  const token = `hf_${"aB3dE6gH9".repeat(4)}`;
  state.end("failed", {
    code: "step-failed",
    message: `no ${token}`,
    hint: token,
    context: { url: `https://${token}@h` },
  });
  expect(JSON.stringify(read())).not.toContain(token);
  expect(read().end?.error?.message).toMatch(/^no hf_\*+$/);
});

test("an error and a warning hide what is secret for the run, before they are cut", () => {
  using folder = temporaryFolder();
  const secrets = new RunSecrets(join(folder.path, "secrets.json"));
  const long = "correct-horse-battery-staple";
  secrets.add([long]);
  const { state, read } = keeper(folder.path, {}, secrets.hide);
  for (let before = 0; before < 60; before++) state.warn("x".repeat(RUN.warning - before) + long);
  state.end("failed", { code: "step-failed", message: `no ${long}`, hint: long, context: { path: `/${long}` } });
  const stars = "*".repeat(28);
  expect(read().end?.error).toMatchObject({ message: `no ${stars}`, hint: stars, context: { path: `/${stars}` } });
  expect(JSON.stringify(read())).not.toContain("corr");
});

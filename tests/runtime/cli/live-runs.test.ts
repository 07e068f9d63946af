import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { thisProcess } from "../../../src/runtime/base/processes.js";
import { runsWithoutSidecar } from "../../../src/runtime/cli/live-runs.js";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("without a sidecar those runs are named whose runner lives and whose record says so", () => {
  using folder = temporaryFolder();
  const put = (id: string, run: Partial<Run>, process: unknown): void => {
    const record = { run: { ...sampleRun(run), id: RunId.parse(id) }, socket: "", process, version: "" };
    mkdirSync(join(folder.path, "runs", id), { recursive: true });
    writeFileSync(join(folder.path, "runs", id, "run.json"), JSON.stringify(record));
  };
  const end = { outcome: "finished", error: null, at: "" } as const;
  put("run_aaaaaaaaaaaa", { state: "ready" }, thisProcess());
  put("run_bbbbbbbbbbbb", { state: "ready" }, { ...thisProcess(), startTime: "another" });
  put("run_cccccccccccc", { state: "ended", end }, thisProcess());
  put("run_dddddddddddd", { state: "starting" }, null);
  mkdirSync(join(folder.path, "runs/run_eeeeeeeeeeee"));
  writeFileSync(join(folder.path, "runs/run_eeeeeeeeeeee/run.json"), "{");
  expect(runsWithoutSidecar(folder.path).map(({ id }) => id)).toEqual(["run_aaaaaaaaaaaa"]);
  expect(runsWithoutSidecar(join(folder.path, "nowhere"))).toEqual([]);
});

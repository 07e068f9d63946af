import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { processId } from "../../../src/runtime/base/processes.js";
import type { RunRecord } from "../../../src/runtime/protocol/channel.js";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { newRun, type Run } from "../../../src/runtime/protocol/runs.js";
import { testHome } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";
import { ownPrograms } from "../../helpers/own-programs.js";

const RAN = RunId.parse("run_0ranaaaaaaaa");
const WAITED = RunId.parse("run_0waitaaaaaaa");
const BEFORE = "00000000-0000-0000-0000-000000000000";

test("runs of before the machine was restarted are lost, and whoever has their process ids now is left alone", async () => {
  await using home = testHome();
  using programs = ownPrograms();
  const { pid } = await programs.start("echo up; exec sleep 600");
  const put = (id: RunId, run: Partial<Run>, more: Partial<RunRecord>): void => {
    const folder = join(home.path, "runs", id);
    mkdirSync(folder, { recursive: true });
    const known = { id, appId: null, script: "/none.json", action: "run", startedAt: "2026-01-01T00:00:00.000Z" };
    const record = { run: newRun({ ...known, ...run }), socket: join(folder, "none.sock"), process: null, version: "" };
    writeFileSync(join(folder, "run.json"), JSON.stringify({ ...record, ...more, key: null }));
  };
  put(RAN, { state: "ready", shells: 1 }, { process: { ...processId(pid), bootId: BEFORE } });
  put(WAITED, { state: "queued", waitsFor: ["base"] }, { queuedIn: BEFORE });

  const client = await connectTo(home);
  const runs = await client.request("runs.list", {});
  const endOf = (id: RunId) => runs.find((run) => run.id === id)?.end;
  expect(endOf(RAN)).toMatchObject({
    outcome: "lost",
    error: { code: "runner-lost", message: "The machine was restarted while this script ran" },
  });
  expect(endOf(WAITED)).toMatchObject({
    outcome: "lost",
    error: { code: "runner-lost", message: "The machine was restarted before this script was started" },
  });
  const { run } = JSON.parse(readFileSync(join(home.path, "runs", RAN, "run.json"), "utf8")) as RunRecord;
  expect(run).toMatchObject({ state: "ended", shells: 0, end: { outcome: "lost" } });
  expect(programs.find()).toContain(pid);
  client.close();
});

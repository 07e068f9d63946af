import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { processId } from "../../../src/runtime/base/processes.js";
import { RUN_TOKEN_VARIABLE } from "../../../src/runtime/protocol/channel.js";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { killLeftovers } from "../../../src/runtime/supervisor/kill-leftovers.js";
import { until } from "../../helpers/command-line.js";
import { ownPrograms } from "../../helpers/own-programs.js";
import { standInGpu } from "../../helpers/stand-in-gpu.js";

const PATH = process.env["PATH"];
const newId = (): RunId => RunId.parse(`run_${randomBytes(6).toString("hex")}`);
const lost = { runner: null, reaper: null, groups: null, runs: "/nowhere", warn: () => undefined };

afterEach(() => {
  process.env["PATH"] = PATH;
});

test("what a run without a runner left behind is ended, and the GPU memory that came back is told", async () => {
  using gpu = standInGpu();
  using programs = ownPrograms();
  const id = newId();
  await programs.orphan(gpu.holder(2048), { [RUN_TOKEN_VARIABLE]: id });
  process.env["PATH"] = gpu.path;
  expect(await killLeftovers(id, lost)).toMatchObject({
    processes: 1,
    killed: 0,
    left: 0,
    gpu: { freedBytes: 2 * 1024 ** 3, isEstimate: false },
  });
  expect(programs.find()).toEqual([]);
});

test("a runner that hangs is ended and is no program of the run", async () => {
  using programs = ownPrograms();
  const id = newId();
  const [runner = 0] = await programs.orphan("echo $BASHPID; exec sleep 600", { [RUN_TOKEN_VARIABLE]: id });
  expect(await killLeftovers(id, { ...lost, runner: processId(runner) })).toBeNull();
  expect(programs.find()).toEqual([]);
});

test("what only a group of the run leads to is ended as well", async () => {
  using programs = ownPrograms();
  const [hidden = 0] = await programs.orphan("echo $BASHPID; exec sleep 600");
  writeFileSync(join(programs.folder, "cgroup.procs"), `${hidden}\n`);
  const ending = killLeftovers(newId(), { ...lost, groups: { trail: programs.folder, memory: null, cpu: null } });
  await until(
    () => programs.find(),
    (left) => left.length === 0,
  );
  writeFileSync(join(programs.folder, "cgroup.procs"), "");
  expect(await ending).toMatchObject({ processes: 1, killed: 0, left: 0 });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { gpuMemoryOf } from "../../../src/runtime/base/gpu-memory.js";
import { signal } from "../../../src/runtime/base/processes.js";
import { RUN_TOKEN_VARIABLE } from "../../../src/runtime/protocol/channel.js";
import { type OwnPrograms, ownPrograms } from "../../helpers/own-programs.js";
import { type StandInGpu, standInGpu } from "../../helpers/stand-in-gpu.js";

const GIB = 1024 ** 3;
const OTHER_RUN = "run_0000000other";

function worldOf(gpu: StandInGpu, programs: OwnPrograms) {
  const warnings: string[] = [];
  return { warnings, world: { runs: programs.folder, path: gpu.path, warn: (said: string) => warnings.push(said) } };
}

async function holderOf(programs: OwnPrograms, command: string): Promise<number> {
  return (await programs.start(`exec ${command}`)).pid;
}

async function endAndTell(pid: number, gpu: StandInGpu, programs: OwnPrograms, waitMs = 10_000) {
  const { world, warnings } = worldOf(gpu, programs);
  const memory = await gpuMemoryOf([pid], { ...world, waitMs });
  signal(pid, "SIGKILL");
  return { told: (await memory?.givenBack()) ?? null, warnings };
}

test("what came back is told to the byte where the driver tells whose memory it is, and which run holds some still", async () => {
  using gpu = standInGpu();
  using programs = ownPrograms();
  const pid = await holderOf(programs, gpu.holder(4096));
  const [other] = await programs.orphan(gpu.holder(2048), { [RUN_TOKEN_VARIABLE]: OTHER_RUN });
  mkdirSync(join(programs.folder, OTHER_RUN));
  writeFileSync(join(programs.folder, OTHER_RUN, "run.json"), JSON.stringify({ run: { script: "b/start.js" } }));
  gpu.set("late", "300");
  expect((await endAndTell(pid, gpu, programs)).told).toEqual({
    freedBytes: 4 * GIB,
    isEstimate: false,
    heldBytes: 2 * GIB,
    holders: [{ pid: other, name: "b/start.js", run: OTHER_RUN, bytes: 2 * GIB }],
  });
});

test("where pids are hidden what the cards hold in all tells, also when the driver takes its time", async () => {
  using gpu = standInGpu();
  using programs = ownPrograms();
  gpu.set("hidden");
  gpu.set("late", "700");
  const pid = await holderOf(programs, gpu.holder(4096));
  const { told, warnings } = await endAndTell(pid, gpu, programs);
  expect(told).toEqual({ freedBytes: 4 * GIB, isEstimate: true, heldBytes: 0, holders: [] });
  expect(warnings).toEqual([]);
});

test("where pids are hidden whoever has a card open is named", async () => {
  using gpu = standInGpu();
  using programs = ownPrograms();
  gpu.set("hidden");
  const pid = await holderOf(programs, gpu.holder(4096));
  const other = await holderOf(programs, gpu.holder(1024));
  const { told } = await endAndTell(pid, gpu, programs);
  expect(told).toMatchObject({ freedBytes: 4 * GIB, isEstimate: true, heldBytes: GIB });
  const name = expect.stringContaining("python3") as unknown as string;
  expect(told?.holders).toContainEqual({ pid: other, name, run: null, bytes: null });
});

test("memory that does not come back is told, whoever has it", async () => {
  using gpu = standInGpu();
  using programs = ownPrograms();
  gpu.set("late", "600000");
  const told = await endAndTell(await holderOf(programs, gpu.holder(4096)), gpu, programs, 300);
  expect(told.told).toMatchObject({ freedBytes: 0, isEstimate: false, heldBytes: 4 * GIB, holders: [{ name: null }] });
  gpu.set("hidden");
  gpu.set("foreign", "8192");
  const hidden = await endAndTell(await holderOf(programs, gpu.holder(1024)), gpu, programs, 300);
  expect(hidden.told).toMatchObject({ freedBytes: 0, isEstimate: true, heldBytes: 13 * GIB });
});

test("numbers of processes elsewhere are not taken for the run's own", async () => {
  using gpu = standInGpu();
  using programs = ownPrograms();
  const elsewhere = await holderOf(programs, gpu.holder(4096));
  // It computes too, and the driver knows it by a number that means nothing here.
  const { pid } = await programs.start(`exec 7< ${gpu.device}; echo; exec sleep 600`);
  const { told } = await endAndTell(pid, gpu, programs, 300);
  expect(told).toMatchObject({ freedBytes: 0, isEstimate: true, heldBytes: 4 * GIB });
  expect(told?.holders.map((holder) => holder.pid)).toContain(elsewhere);
});

test("nothing is started for what has no card open, and where there is no tool", async () => {
  using gpu = standInGpu();
  using programs = ownPrograms();
  const { world } = worldOf(gpu, programs);
  const { pid } = await programs.start("echo; exec sleep 600");
  expect(await gpuMemoryOf([pid, 2 ** 30], world)).toBeNull();
  expect(gpu.calls()).toBe(0);
  const holder = await holderOf(programs, gpu.holder(1024));
  expect(await gpuMemoryOf([holder], { ...world, path: programs.folder })).toBeNull();
  expect(gpu.calls()).toBe(0);
});

test("a card that holds next to nothing is not waited for", async () => {
  using gpu = standInGpu();
  using programs = ownPrograms();
  gpu.set("hidden");
  const { world } = worldOf(gpu, programs);
  expect(await gpuMemoryOf([await holderOf(programs, gpu.holder(4))], world)).toBeNull();
});

test("a driver that does not answer is said, and waited for no longer", async () => {
  using gpu = standInGpu();
  using programs = ownPrograms();
  gpu.set("silent");
  const { told, warnings } = await endAndTell(await holderOf(programs, gpu.holder(1024)), gpu, programs);
  expect(told).toBeNull();
  expect(warnings).toEqual(["Whether GPU memory was given back is not known: nvidia-smi gave no answer"]);
});

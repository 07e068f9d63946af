import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parseCards, parseProcesses, parseWork } from "../../../src/runtime/base/nvidia-smi.js";
import { GpuWatch, type GpuUse } from "../../../src/runtime/resources/gpu-use.js";
import { readMemory } from "../../../src/runtime/resources/machine-counters.js";
import { UsageMeter } from "../../../src/runtime/resources/usage.js";
import { until } from "../../helpers/command-line.js";
import { ownPrograms } from "../../helpers/own-programs.js";
import { standInGpu } from "../../helpers/stand-in-gpu.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const GIB = 1024 ** 3;
const NO_GPU: GpuUse = { gpus: [], byProcess: new Map() };
const disk = () => Promise.resolve({ freeBytes: 1, totalBytes: 2 });

const card = (memoryBytes: number): GpuUse["gpus"][number] => ({
  name: "T4",
  busy: 0.5,
  memoryBytes,
  totalBytes: 15 * GIB,
});

test("a program that works and one that holds memory are seen as such", async () => {
  const busy = spawn(process.execPath, ["-e", "for (;;);"]);
  const holder = spawn(process.execPath, [
    "-e",
    "const kept = Buffer.alloc(200e6, 1); console.log(kept.length); setInterval(() => kept, 1e6)",
  ]);
  try {
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    let time = 0;
    const meter = new UsageMeter({
      runs: () => [
        { id: "busy", pids: [busy.pid ?? 0] },
        { id: "holder", pids: [holder.pid ?? 0] },
      ],
      disk,
      gpu: () => Promise.resolve(NO_GPU),
      now: () => (time += 1_000),
    });
    const first = await meter.usage();
    expect(first.runs["busy"]).toMatchObject({ processes: 1, cpu: null, gpuMemoryBytes: null });
    expect(first.runs["holder"]?.memoryBytes).toBeGreaterThan(190e6);
    const later = await until(
      () => meter.usage(),
      ({ runs }) => (runs["busy"]?.cpu ?? 0) > 0,
    );
    expect(later.runs["holder"]?.cpu).toBeLessThan(later.runs["busy"]?.cpu ?? 0);
    expect(later.memory.totalBytes).toBeGreaterThan(later.memory.usedBytes);
    expect(later.disk).toEqual({ freeBytes: 1, totalBytes: 2 });
  } finally {
    busy.kill("SIGKILL");
    holder.kill("SIGKILL");
  }
});

function meterOf(opensGpu: (pid: number) => boolean | null) {
  let time = 0;
  const now = { gpu: { gpus: [card(0)], byProcess: new Map() } as GpuUse, runs: [{ id: "a", pids: [7] }] };
  const world = { disk, opensGpu, gpu: () => Promise.resolve(now.gpu), now: () => (time += 1_000) };
  return { now, meter: new UsageMeter({ ...world, runs: () => now.runs }) };
}

const shares = async (meter: UsageMeter) =>
  Object.fromEntries(
    Object.entries((await meter.usage()).runs).map(([id, run]) => [id, [run.gpuMemoryBytes, run.isGpuEstimate]]),
  );

test("graphics memory is the run's own where the driver tells whose it is", async () => {
  const { now, meter } = meterOf((pid) => pid < 10);
  now.runs = [
    { id: "a", pids: [6, 7, 70] },
    { id: "b", pids: [8] },
    { id: "c", pids: [80] },
  ];
  now.gpu = { gpus: [card(6 * GIB)], byProcess: new Map([[7, 3 * GIB]]) };
  expect(await shares(meter)).toEqual({ a: [3 * GIB, false], b: [0, false], c: [0, false] });
});

test("in a container it is an estimate of the only run that has a card open, and unknown of several", async () => {
  const users = new Set<number>();
  const { now, meter } = meterOf((pid) => users.has(pid));
  now.runs = [
    { id: "a", pids: [7] },
    { id: "b", pids: [8] },
  ];
  // Numbers that mean something outside of it.
  const byProcess = new Map([[8, GIB]]);
  now.gpu = { gpus: [card(GIB)], byProcess };
  expect(await shares(meter)).toEqual({ a: [0, false], b: [0, false] });
  users.add(7);
  now.gpu = { gpus: [card(6 * GIB)], byProcess };
  expect(await shares(meter)).toEqual({ a: [5 * GIB, true], b: [0, false] });
  users.add(8);
  now.gpu = { gpus: [card(6 * GIB)], byProcess: new Map() };
  expect(await shares(meter)).toEqual({ a: [null, true], b: [null, true] });
});

test("how busy a run keeps the cards is its own where the driver tells, else what all of them do", async () => {
  const { now, meter } = meterOf((pid) => pid < 10);
  now.runs = [
    { id: "a", pids: [6, 7] },
    { id: "b", pids: [8] },
    { id: "c", pids: [80] },
  ];
  const work = async () =>
    Object.fromEntries(Object.entries((await meter.usage()).runs).map(([id, run]) => [id, run.gpuWork]));
  const byProcess = new Map<number, number>();
  const gpus = [card(GIB), card(GIB)];
  now.gpu = {
    gpus,
    byProcess,
    workByProcess: new Map([
      [6, 0.25],
      [7, 0.5],
      [12, 1],
    ]),
  };
  const own = (busy: number) => ({ busy, of: "run" });
  expect(await work()).toEqual({ a: own(0.75), b: own(0), c: own(0) });
  // Only numbers of processes that are not ours.
  now.gpu = { gpus, byProcess, workByProcess: new Map([[12, 1]]) };
  const all = { busy: 1, of: "machine" };
  expect(await work()).toEqual({ a: all, b: all, c: own(0) });
  now.gpu = { gpus: [{ ...card(GIB), busy: null }], byProcess };
  expect(await work()).toEqual({ a: null, b: null, c: own(0) });
});

test("a run that had loaded its model before anybody looked is not said to hold nothing", async () => {
  const { now, meter } = meterOf(() => null);
  now.gpu = { gpus: [card(6 * GIB)], byProcess: new Map() };
  expect(await shares(meter)).toEqual({ a: [6 * GIB, true] });
});

test("a look in the background asks no graphics card, and two at once are one", async () => {
  let asked = 0;
  const meter = new UsageMeter({
    runs: () => [],
    disk,
    gpu: () => (asked++, Promise.resolve(NO_GPU)),
    now: () => 0,
  });
  await meter.usage({ isBrief: true });
  expect(asked).toBe(0);
  const again = new UsageMeter({ runs: () => [], disk, gpu: () => (asked++, Promise.resolve(NO_GPU)), now: () => 0 });
  await Promise.all([again.usage(), again.usage()]);
  expect(asked).toBe(1);
});

test("a quarter of an hour is remembered, a point every five seconds", async () => {
  let time = 0;
  const meter = new UsageMeter({
    runs: () => [{ id: "a", pids: [] }],
    disk,
    gpu: () => Promise.resolve(NO_GPU),
    now: () => time,
  });
  for (let second = 0; second < 1_000; second++) {
    time += 1_000;
    await meter.usage();
  }
  const { at, memoryBytes, cpu } = meter.history(null);
  expect(at).toHaveLength(180);
  expect(Date.parse(at[1]!) - Date.parse(at[0]!)).toBe(5_000);
  expect(memoryBytes.every((bytes) => bytes !== null && bytes > 0)).toBe(true);
  expect(cpu).toHaveLength(180);
  expect(meter.history("a").memoryBytes.at(-1)).toBe(0);
  expect(meter.history("unknown").cpu.at(-1)).toBeNull();
});

test.each([
  [
    "the newer control groups",
    { "memory.max": "4000000000", "memory.current": "1500000000", "memory.stat": "inactive_file 500000000" },
  ],
  [
    "the older ones",
    {
      "memory/memory.limit_in_bytes": "4000000000",
      "memory/memory.usage_in_bytes": "1500000000",
      "memory/memory.stat": "cache 1\ntotal_inactive_file 500000000",
    },
  ],
])("a container's own memory counts: %s", (_, files) => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "memory"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), `${text}\n`);
  writeFileSync(
    join(folder.path, "meminfo"),
    "MemTotal:       16000000 kB\nMemFree: 1 kB\nMemAvailable:    8000000 kB\n",
  );
  expect(readMemory({ proc: folder.path, cgroup: folder.path })).toEqual({ usedBytes: 1e9, totalBytes: 4e9 });
  expect(readMemory({ proc: folder.path, cgroup: join(folder.path, "none") })).toEqual({
    usedBytes: 8_000_000 * 1024,
    totalBytes: 16_000_000 * 1024,
  });
});

test("what NVIDIA's tool prints is read, also what it does not know", () => {
  expect(parseCards("Tesla T4, 37, 1024, 15360\nOther, [N/A], 0, 8192\n")).toEqual([
    { name: "Tesla T4", busy: 0.37, memoryBytes: GIB, totalBytes: 15 * GIB },
    { name: "Other", busy: null, memoryBytes: 0, totalBytes: 8 * GIB },
  ]);
  expect(parseProcesses("12, 1024\n12, 1024\n13, [N/A]\n")).toEqual(new Map([[12, 2 * GIB]]));
});

const WORK_TABLE = `# gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command
# Idx           #    C/G      %      %      %      %      %      %    name
    0       4242     C     37     12      -      -      -      -    python3
    0       4243     C      -      -      -      -      -      -    python3 -c x
    1       4242     C     80      1      -      -      -      -    python3
    2       4244     C      -      -      -      -      -      -    on a card that cannot tell
    3          -     -      -      -      -      -      -      -    -
`;

const OLDER_TABLE = `# gpu        pid  type    sm   mem   enc   dec   command
# Idx          #   C/G     %     %     %     %   name
    0       4242     C    37    12     0     0   python
`;

test("who keeps the cards busy is read by the table's own headings", () => {
  const found = parseWork(WORK_TABLE);
  expect([...found].map(([pid, busy]) => [pid, busy.toFixed(2)])).toEqual([
    [4242, "1.17"],
    [4243, "0.00"],
  ]);
  expect([...parseWork(OLDER_TABLE)]).toEqual([[4242, 0.37]]);
  for (const text of ["", "Not supported on the device(s)\n", "# gpu pid\n 0 1\n"])
    expect(parseWork(text).size).toBe(0);
});

test("whose work a card does is asked while somebody looks, and is nobody's where the driver hides it", async () => {
  using gpu = standInGpu();
  using programs = ownPrograms();
  const { line } = await programs.start(gpu.holder(100));
  gpu.set("busy", "60");
  gpu.set(`work/${line}`, "35");
  const watch = new GpuWatch(join(gpu.path.split(":")[0] ?? "", "nvidia-smi"));
  try {
    const { gpus } = await until(
      () => watch.use(),
      ({ workByProcess }) => workByProcess?.get(Number(line)) === 0.35,
    );
    expect(gpus[0]?.busy).toBe(0.6);
    gpu.set("hidden");
    await until(
      () => watch.use(),
      ({ workByProcess }) => workByProcess?.size === 0,
    );
  } finally {
    watch.close();
  }
});

test("the tool stays while somebody looks, and is ended afterwards", async () => {
  using folder = temporaryFolder();
  const tool = join(folder.path, "nvidia-smi");
  writeFileSync(
    tool,
    `#!/bin/sh
echo $$ >> ${folder.path}/calls
used=$(wc -l < ${folder.path}/calls)
case $1 in *compute-apps*) echo "12, $used";; *) echo "Stand-in, 5, $used, 100";; esac
`,
    { mode: 0o755 },
  );
  const watch = new GpuWatch(tool, { idleMs: 300 });
  const first = await watch.use();
  expect(first.gpus[0]).toMatchObject({ name: "Stand-in", busy: 0.05 });
  await until(
    () => watch.use(),
    ({ gpus }) => (gpus[0]?.memoryBytes ?? 0) > (first.gpus[0]?.memoryBytes ?? 0),
  );
  expect(await new GpuWatch(null).use()).toEqual({ gpus: [], byProcess: new Map() });
  watch.close();
});

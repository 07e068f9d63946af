import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openStatistics } from "../../../src/runtime/library/statistics.js";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const HELLO = AppId.parse("hello");
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const runId = (number: number) => RunId.parse(`run_${String(number).padStart(12, "0")}`);
const live = (number: number, minute: number, more: Partial<Run> = {}) =>
  sampleRun({ id: runId(number), startedAt: at(minute), ...more });
const ended = (number: number, from: number, to: number, outcome: "finished" | "lost" = "finished") =>
  live(number, from, { state: "ended", end: { outcome, error: null, at: at(to) } });

function testStatistics() {
  const folder = temporaryFolder();
  const file = join(folder.path, "usage_stats.json");
  const world = { minute: 0, lastSign: null as number | null };
  const open = () =>
    openStatistics({
      file,
      mayWrite: true,
      onProblem: (problem) => {
        throw problem;
      },
      isInstall: ({ script }) => script.endsWith("install.json"),
      lastSign: () => world.lastSign,
      now: () => new Date(at(world.minute)),
    });
  return { file, open, world, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

const MINUTE = 60_000;

test("a launch counts when it begins, and its time when it is over", () => {
  using home = testStatistics();
  const statistics = home.open();
  statistics.noteRun(live(1, 0));
  expect(statistics.of(HELLO)).toMatchObject({ launches: 1, runningMs: 0, lastUsedAt: at(0) });
  statistics.noteRun(live(1, 0, { state: "ready" }));
  statistics.noteRun(ended(1, 0, 5));
  statistics.noteRun(ended(1, 0, 5));
  statistics.noteRun(ended(2, 10, 11));
  expect(statistics.of(HELLO)).toMatchObject({ launches: 2, runningMs: 6 * MINUTE, lastUsedAt: at(10) });
});

test("installing, updating and what scripts start themselves are no launches", () => {
  using home = testStatistics();
  const statistics = home.open();
  for (const script of ["hello/install.json", "hello/update.js", "hello/pinokio/reset.json"]) {
    statistics.noteRun(live(1, 0, { script }));
  }
  statistics.noteRun(live(2, 0, { parent: runId(1) }));
  statistics.noteRun(live(3, 0, { appId: null }));
  expect(statistics.of(HELLO).launches).toBe(0);
  statistics.noteRun(live(4, 0, { script: "hello/cleanse/start.js" }));
  expect(statistics.of(HELLO).launches).toBe(1);
});

test("a sidecar that was killed at any moment leaves nothing uncounted and nothing counted twice", () => {
  using home = testStatistics();
  const first = home.open();
  first.noteRun(ended(1, 0, 5));
  first.noteRun(live(2, 6));
  first.close();
  // Run 2 goes on, run 3 begins; nothing of it is written before the sidecar is killed.
  first.noteRun(live(3, 7));

  const second = home.open();
  second.settle([ended(1, 0, 5), ended(2, 6, 16), live(3, 7)]);
  expect(second.of(HELLO)).toMatchObject({ launches: 3, runningMs: 15 * MINUTE, lastUsedAt: at(7) });
  second.close();

  // Records of runs go; those of before have gone into the sums.
  const third = home.open();
  third.settle([ended(3, 7, 8)]);
  third.forgetRun(runId(3));
  third.noteRun(ended(2, 6, 16)); // its folder was put back by hand
  expect(third.of(HELLO)).toMatchObject({ launches: 3, runningMs: 16 * MINUTE });
  third.close();
  expect(home.open().of(HELLO)).toMatchObject({ launches: 3, runningMs: 16 * MINUTE });
  expect(JSON.parse(readFileSync(home.file, "utf8"))).toMatchObject({ version: 1, runs: {} });
});

test("a run that went with its machine ran until its last sign", () => {
  using home = testStatistics();
  const statistics = home.open();
  home.world.lastSign = Date.parse(at(3));
  statistics.settle([ended(1, 0, 900, "lost")]);
  expect(statistics.of(HELLO).runningMs).toBe(3 * MINUTE);
});

test("the most GPU memory that was seen stays, whoever saw it", () => {
  using home = testStatistics();
  const statistics = home.open();
  const use = (gpuMemoryBytes: number | null) => ({
    runs: { [runId(1)]: { processes: 1, cpu: null, memoryBytes: 0, gpuMemoryBytes, isGpuEstimate: false } },
  });
  const note = (bytes: number | null) => statistics.noteUsage(use(bytes) as never, () => HELLO);
  note(null);
  expect(statistics.of(HELLO).peakGpuMemoryBytes).toBeNull();
  note(500);
  note(200);
  const ending = { processes: 1, killed: 0, left: 0, portsClosed: [], portsOpen: [], tookMs: 1 };
  const gpu = { freedBytes: 900, isEstimate: false, heldBytes: 0, holders: [] };
  statistics.noteRun({ ...ended(1, 0, 1), ending: { ...ending, gpu } });
  statistics.close();
  expect(home.open().of(HELLO).peakGpuMemoryBytes).toBe(900);
});

test("an app that leaves no trace is not counted any more", () => {
  using home = testStatistics();
  const statistics = home.open();
  statistics.noteRun(ended(1, 0, 5));
  statistics.forgetRun(runId(1));
  statistics.noteRun(live(2, 6));
  statistics.forget(HELLO);
  expect(statistics.of(HELLO)).toMatchObject({ launches: 0, lastUsedAt: null });
  statistics.close();
  expect(readFileSync(home.file, "utf8")).not.toContain("hello");
});

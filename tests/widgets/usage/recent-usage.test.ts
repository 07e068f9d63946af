import { expect, test } from "@jest/globals";
import type { Usage } from "../../../src/runtime/protocol/usage.js";
import { MACHINE, withHistory, withMeasured } from "../../../src/widgets/usage/recent-usage.js";

const START = Date.parse("2026-01-01T00:00:00.000Z");

const usage = (seconds: number, runs: Record<string, number>): Usage => ({
  at: new Date(START + seconds * 1_000).toISOString(),
  cpu: { used: 1, cores: 4 },
  memory: { usedBytes: 5, totalBytes: 10 },
  disk: { freeBytes: 1, totalBytes: 2 },
  network: { in: null, out: null },
  gpus: [],
  runs: Object.fromEntries(
    Object.entries(runs).map(([id, memoryBytes]) => [
      id,
      { processes: 1, cpu: null, memoryBytes, gpuMemoryBytes: null, isGpuEstimate: false },
    ]),
  ),
});

const memoryOf = (recent: ReturnType<typeof withMeasured>, key: string) =>
  recent.points.get(key)?.map(({ memoryBytes }) => memoryBytes);

test("two minutes are kept, by run and of the machine, and a run that is gone is forgotten", () => {
  let recent = withMeasured(null, usage(0, { a: 1, b: 1 }));
  for (let at = 2; at <= 130; at += 2) recent = withMeasured(recent, usage(at, { a: at }));
  expect(memoryOf(recent, "b")).toBeUndefined();
  expect(recent.points.get("a")).toHaveLength(60);
  expect(memoryOf(recent, "a")?.slice(-2)).toEqual([128, 130]);
  expect(recent.points.get(MACHINE)).toHaveLength(60);
});

test("what the sidecar remembers comes before what was seen from here", () => {
  const recent = withMeasured(null, usage(130, { a: 130 }));
  const at = [0, 20, 60, 90, 131].map((seconds) => new Date(START + seconds * 1_000).toISOString());
  const history = { at, cpu: [null, 1, 1, 1, 1], memoryBytes: [0, 20, 60, null, 131], gpuMemoryBytes: [] };
  expect(memoryOf(withHistory(recent, "a", history), "a")).toEqual([20, 60, 130]);
  expect(withHistory(recent, "gone", history).points.has("gone")).toBe(false);
});

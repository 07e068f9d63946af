import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { standInGpu } from "../../helpers/stand-in-gpu.js";
import { startRunner, until } from "../../helpers/test-runner.js";

const GIB = 1024 ** 3;
const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;

/** In a shell that stays, so that the run goes on whatever the program does. */
const appWith = (command: string): object => ({
  daemon: true,
  run: [{ method: "shell.run", params: { message: `${command}\nsleep 600` } }],
});

async function stopOf(path: string, command: string) {
  await using runner = await startRunner(appWith(command), { isReaped: true, env: { PATH: path } });
  await until(
    () => runner.output(),
    (text) => /^\d+\r?$/m.test(text), // it has printed its pid
    20_000,
  );
  await delay(100);
  const watcher = await runner.connect();
  watcher.stop(600);
  const run = await watcher.waitFor(({ state }) => state === "ended", 15_000);
  await runner.exited;
  expect(runner.record().run.ending).toEqual(run.ending);
  return run;
}

test("a run that held GPU memory has ended when it is given back, and says how much that was", async () => {
  using gpu = standInGpu();
  gpu.set("late", "400");
  const { ending, warnings } = await stopOf(gpu.path, gpu.holder(4096));
  expect(ending).toMatchObject({ left: 0, gpu: { freedBytes: 4 * GIB, isEstimate: false, heldBytes: 0, holders: [] } });
  expect(ending?.tookMs).toBeGreaterThan(400);
  expect(warnings).toEqual([]);
});

test("one that left its session and hears no signal, where pids are hidden", async () => {
  using gpu = standInGpu();
  gpu.set("hidden");
  const { ending } = await stopOf(gpu.path, `${gpu.holder(4096, "leaves", "deaf")} &`);
  expect(ending).toMatchObject({ left: 0, gpu: { freedBytes: 4 * GIB, isEstimate: true, heldBytes: 0 } });
  expect(ending?.killed).toBeGreaterThan(0);
});

test("a run that never opened a card asks nobody", async () => {
  using gpu = standInGpu();
  const { ending } = await stopOf(gpu.path, "echo 1");
  expect(ending).toMatchObject({ left: 0 });
  expect(ending).not.toHaveProperty("gpu");
  expect(gpu.calls()).toBe(0);
});

(existsSync("/dev/nvidia0") ? test : test.skip)("a real card: what a program held of it is told", async () => {
  const { ending, warnings } = await stopOf(process.env["PATH"] ?? "", `python3 ${PROGRAMS}cuda-holder.py 2048`);
  expect(ending?.gpu?.freedBytes).toBeGreaterThanOrEqual(2 * GIB);
  expect(warnings).toEqual([]);
});

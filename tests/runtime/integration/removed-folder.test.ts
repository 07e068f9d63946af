import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import { outputParts } from "../../../src/runtime/base/output-parts.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";
import { startRunner } from "../../helpers/test-runner.js";

const COUNTER = `
import time
number = 0
while True:
    number += 1
    print(f"line-{number}-end", flush=True)
    time.sleep(0.002)
`;

const shell = (message: string) => ({ method: "shell.run", params: { message } });

const numbersIn = (folder: string): number[] =>
  outputParts(join(folder, "output.log"))
    .flatMap(({ path }) => [...readFileSync(path, "latin1").matchAll(/line-(\d+)-end/g)])
    .map(([, number]) => Number(number));

test("a run whose folder is removed while it prints goes on, is written again from there, and can be stopped", async () => {
  await using runner = await startRunner(
    { run: [shell("python3 -S counter.py")] },
    { files: { "counter.py": COUNTER } },
  );
  const watcher = await runner.connect();
  await until(
    () => numbersIn(runner.folder).length,
    (count) => count > 50,
  );
  rmSync(runner.folder, { recursive: true });
  const numbers = await until(
    () => numbersIn(runner.folder),
    ({ length }) => length > 50,
  );
  const first = numbers[0]!;
  expect(first).toBeGreaterThan(1);
  expect(numbers).toEqual(numbers.map((_, index) => first + index));
  expect(statSync(runner.folder).mode & 0o777).toBe(0o700);
  watcher.stop(2_000);
  await runner.exited;
  expect(runner.record().run).toMatchObject({ state: "ended", end: { outcome: "stopped" }, warnings: [] });
  expect(runner.processes()).toEqual([]);
  const [last] = outputParts(join(runner.folder, "output.log")).slice(-1);
  expect(runner.record().run.outputBytes).toBe(last!.start + statSync(last!.path).size);
});

test("where the folder of all runs is removed too, nothing is brought back, and the run ends as it would", async () => {
  await using runner = await startRunner(
    { run: [shell("python3 -S counter.py")] },
    { files: { "counter.py": COUNTER } },
  );
  const watcher = await runner.connect();
  await watcher.waitFor(({ outputBytes }) => outputBytes > 1_000);
  rmSync(join(runner.home, "runs"), { recursive: true });
  await watcher.waitFor(({ warnings }) => warnings.includes("Output is being lost: its folder was removed"));
  watcher.stop(2_000);
  await watcher.waitFor(({ state }) => state === "ended");
  await runner.exited;
  expect(runner.processes()).toEqual([]);
  expect(existsSync(join(runner.home, "runs"))).toBe(false);
});

test("an idle run whose folder was removed is found by the next sidecar all the same", async () => {
  await using home = testHome();
  mkdirSync(join(home.path, "api/idle"), { recursive: true });
  const script = join(home.path, "api/idle/start.json");
  const up = { method: "shell.run", params: { message: "echo up; sleep 600", on: [{ event: "/up/", done: true }] } };
  writeFileSync(script, JSON.stringify({ daemon: true, run: [up] }));
  expect((await home.run("script", "run", script)).code).toBe(0);
  const [id] = readdirSync(join(home.path, "runs"));
  rmSync(join(home.path, "runs", id!), { recursive: true });
  await killSidecar(home);
  await home.run("up");
  expect((await home.run("script", "status", script, "--json")).json).toMatchObject({ running: true, ready: true });
  expect((await home.run("script", "stop", script)).code).toBe(0);
});

async function killSidecar(home: TestHome): Promise<void> {
  const { pid } = readSidecarRecord(join(home.path, "run/sidecar.json"))!;
  process.kill(pid, "SIGKILL");
  await until(
    () => startTimeOf(pid),
    (time) => time === null,
  );
}

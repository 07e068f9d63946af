import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import { newRun, type Run } from "../../../src/runtime/protocol/runs.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";

const KILLS = Number(process.env["SIDECAR_KILLS"] ?? 10);

const COUNTER = `
import sys, time
number = 0
while True:
    number += 1
    print(f"line-{number}-end", flush=True)
    if number % 10 == 0:
        time.sleep(0.004)
`;

function putApp(home: TestHome, name: string, script: unknown, files: Record<string, string> = {}): string {
  const folder = join(home.path, "api", name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, "start.json"), JSON.stringify(script));
  return join(folder, "start.json");
}

const shell = (message: string): object => ({ method: "shell.run", params: { message } });

async function killSidecar(home: TestHome): Promise<void> {
  const record = readSidecarRecord(join(home.path, "run/sidecar.json"));
  if (record === null) return;
  try {
    process.kill(record.pid, "SIGKILL");
  } catch {
    return;
  }
  await until(
    () => startTimeOf(record.pid),
    (time) => time === null,
  );
}

const linesOf = (home: TestHome, id: string): number[] => {
  const folder = join(home.path, "runs", id);
  const text = readFileSync(join(folder, "output.log"), "latin1");
  return [...text.matchAll(/line-(\d+)-end/g)].map(([, number]) => Number(number));
};

test(`a sidecar that is killed ${KILLS} times at any moment forgets no run, loses no line and starts nothing twice`, async () => {
  await using home = testHome();
  const counter = putApp(home, "counter", { run: [shell("python3 -S counter.py")] }, { "counter.py": COUNTER });
  const short = putApp(home, "short", { run: [shell("sleep 0.2; echo short-is-over")] });
  const failing = putApp(home, "failing", { run: [shell("sleep 0.1; echo Error: no luck"), shell("true")] });
  void home.run("script", "run", counter);
  await until(
    () => home.run("script", "status", counter, "--json"),
    ({ json }) => json["running"] === true,
  );

  for (let kill = 0; kill < KILLS; kill++) {
    const starts = [counter, short, failing].map((file) => home.run("script", "run", file, "--timeout", "3000"));
    await delay(Math.random() * 500);
    await killSidecar(home);
    await home.run("up");
    await until(
      () => home.run("script", "status", counter, "--json"),
      ({ json }) => json["running"] === true,
    );
    await Promise.all(starts);
  }

  const counters = readdirSync(join(home.path, "runs")).filter((id) => scriptOf(home, id) === "counter/start.json");
  expect(counters).toHaveLength(1);
  const stopped = await home.run("script", "stop", counter);
  expect(stopped.code).toBe(0);
  const numbers = linesOf(home, counters[0] ?? "");
  expect(numbers.length).toBeGreaterThan(KILLS);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));

  const ends = readdirSync(join(home.path, "runs")).map((id) => endOf(home, id));
  expect(ends.filter(({ state }) => state !== "ended")).toEqual([]);
  const outcomes = (script: string): unknown[] =>
    [...new Set(ends.filter((run) => run.script === script).map(({ end }) => end?.outcome))].sort();
  expect(outcomes("counter/start.json")).toEqual(["stopped"]);
  expect(outcomes("short/start.json")).toEqual(["finished"]);
  expect(outcomes("failing/start.json")).toEqual(["failed"]);
}, 180_000);

const recordOf = (home: TestHome, id: string): Run =>
  (JSON.parse(readFileSync(join(home.path, "runs", id, "run.json"), "utf8")) as { run: Run }).run;

const scriptOf = (home: TestHome, id: string): string => recordOf(home, id).script;

function endOf(home: TestHome, id: string): Pick<Run, "script" | "state" | "end"> {
  const { script, state, end } = recordOf(home, id);
  return { script, state, end };
}

test("a run that a killed sidecar had promised and not started is started by the next one, unless that was long ago", async () => {
  await using home = testHome();
  const short = putApp(home, "short", { run: [shell("echo short-is-over")] });
  expect((await home.run("script", "run", short)).code).toBe(0);
  await home.run("down");
  const [model = ""] = readdirSync(join(home.path, "runs"));
  promise(home, model, "run_0newaaaaaaaa", new Date().toISOString());
  promise(home, model, "run_0oldaaaaaaaa", new Date(Date.now() - 3_600_000).toISOString());
  await home.run("up");
  const late = await until(
    () => recordOf(home, "run_0newaaaaaaaa"),
    ({ state }) => state === "ended",
  );
  expect(late.end?.outcome).toBe("finished");
  expect(readFileSync(join(home.path, "runs/run_0newaaaaaaaa/output.log"), "utf8")).toContain("short-is-over");
  expect(recordOf(home, "run_0oldaaaaaaaa").end?.outcome).toBe("crashed");
});

/** What stands on disk of a run before its runner is started. */
function promise(home: TestHome, model: string, id: string, startedAt: string): void {
  const runs = join(home.path, "runs");
  const read = (file: string): string => readFileSync(join(runs, model, file), "utf8").replaceAll(model, id);
  const { run, socket, version } = JSON.parse(read("run.json")) as { run: Run; socket: string; version: string };
  const { appId, script, action } = run;
  const promised = newRun({ id: run.id, appId, script, action, startedAt });
  mkdirSync(join(runs, id));
  writeFileSync(join(runs, id, "request.json"), read("request.json"));
  writeFileSync(
    join(runs, id, "run.json"),
    JSON.stringify({ run: promised, socket, version, process: null, key: null }),
  );
}

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { isLive, newRun, type Outcome, type Run } from "../../../src/runtime/protocol/runs.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";
import { randomOf, seedFrom } from "../../helpers/random.js";

const KILLS = Number(process.env["SIDECAR_KILLS"] ?? 10);
const LONGEST_WAIT_MS = 500;

const COUNTER = `
import sys, time
number = 0
while True:
    number += 1
    print(f"line-{number}-end", flush=True)
    if number % 10 == 0:
        time.sleep(0.004)
`;

/** What is asked for in every round, with how it ends; each program writes down itself that it was started. */
const KINDS: Readonly<Record<string, { outcome: Outcome; steps: readonly string[] }>> = {
  short: { outcome: "finished", steps: ["sleep 0.2; echo line-$((1))-end"] },
  failing: { outcome: "failed", steps: ["sleep 0.1; echo line-$((1))-end; echo Error: no luck", "true"] },
};

const shell = (message: string): object => ({ method: "shell.run", params: { message } });

function putApp(home: TestHome, name: string, steps: readonly string[], files: Record<string, string> = {}): string {
  const folder = join(home.path, "api", name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, "start.json"), JSON.stringify({ run: steps.map(shell) }));
  return join(folder, "start.json");
}

const sidecarPid = (home: TestHome): number => readSidecarRecord(join(home.path, "run/sidecar.json"))!.pid;

/** Asks the sidecar that is there, and the next one for the same wish, until one has answered. */
async function startOnce(clientNow: () => SidecarClient, script: string, key: string): Promise<void> {
  for (;;) {
    try {
      await clientNow().request("runs.start", { script, consent: true, key: `${key}-wish` });
      return;
    } catch (error) {
      if (!(error instanceof PinokioError) || error.code !== "not-connected") throw error;
    }
    await delay(50);
  }
}

/** Each run that has a folder is over, or its runner answers this sidecar. */
async function untilAllKnown(client: SidecarClient, home: TestHome): Promise<void> {
  const ids = runIds(home);
  const isKnown = async (run: Run | undefined): Promise<boolean> =>
    run !== undefined && (!isLive(run) || (await client.request("runs.steps", { runId: run.id })) !== null);
  await until(
    async () => {
      const runs = new Map((await client.request("runs.list", {})).map((run) => [run.id as string, run]));
      const known = await Promise.all(ids.map((id) => isKnown(runs.get(id))));
      return ids.filter((_, index) => known[index] === false);
    },
    (unknown) => unknown.length === 0,
  );
}

const runIds = (home: TestHome): string[] =>
  readdirSync(join(home.path, "runs")).filter((id) => id.startsWith("run_") && existsSync(recordFile(home, id)));

const linesOf = (home: TestHome, id: string): number[] => {
  const text = readFileSync(join(home.path, "runs", id, "output.log"), "latin1");
  return [...text.matchAll(/line-(\d+)-end/g)].map(([, number]) => Number(number));
};

test(`a sidecar that is killed ${KILLS} times at any moment forgets no run, loses no line and starts nothing twice`, async () => {
  const seed = seedFrom("SIDECAR_SEED");
  const random = randomOf(seed);
  await using home = testHome();
  const started = join(home.path, "started.txt");
  const told = (key: string): string => `echo ${key} >> '${started}'`;
  const wishes = [{ kind: "counter", key: "counter" }];
  let client = await connectTo(home);
  const counter = putApp(home, "counter", [`${told("counter")}; exec python3 -S counter.py`], {
    "counter.py": COUNTER,
  });
  await startOnce(() => client, counter, "counter");

  for (let kill = 0; kill < KILLS; kill++) {
    const starts = Object.entries(KINDS).map(([kind, { steps }]) => {
      const key = `${kind}-${kill}`;
      wishes.push({ kind, key });
      const [first = "", ...rest] = steps;
      return startOnce(() => client, putApp(home, key, [`${told(key)}; ${first}`, ...rest]), key);
    });
    await delay(random() * LONGEST_WAIT_MS);
    process.kill(sidecarPid(home), "SIGKILL");
    client.close();
    client = await connectTo(home);
    await untilAllKnown(client, home);
    await Promise.all(starts);
  }
  await until(
    () => client.request("runs.list", {}),
    (runs) => runs.filter(isLive).length === 1,
  );
  await client.request("runs.stop", { script: counter });
  client.close();

  const runs = runIds(home).map((id) => recordOf(home, id));
  const found = wishes.map(({ kind, key }) => {
    const own = runs.filter(({ script }) => script === `${key}/start.json`);
    const lines = own.map(({ id }) => linesOf(home, id)).flat();
    return {
      key,
      outcomes: own.map(({ end }) => end?.outcome),
      starts: readFileSync(started, "utf8")
        .split("\n")
        .filter((line) => line === key).length,
      firstWrongLine: lines.findIndex((number, index) => number !== index + 1),
      hasPrinted: lines.length >= (kind === "counter" ? KILLS : 1),
    };
  });
  const expected = wishes.map(({ kind, key }) => ({
    ...{ key, outcomes: [KINDS[kind]?.outcome ?? "stopped"], starts: 1, firstWrongLine: -1, hasPrinted: true },
  }));
  expect({ seed, found }).toEqual({ seed, found: expected });
}, 180_000);

const recordFile = (home: TestHome, id: string): string => join(home.path, "runs", id, "run.json");

const recordOf = (home: TestHome, id: string): Run =>
  (JSON.parse(readFileSync(recordFile(home, id), "utf8")) as { run: Run }).run;

test("a run that a killed sidecar had promised and not started is started by the next one, unless that was long ago", async () => {
  await using home = testHome();
  const short = putApp(home, "short", ["echo short-is-over"]);
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

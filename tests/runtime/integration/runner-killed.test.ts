import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { processesAbout } from "../../../src/runtime/base/processes.js";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import type { RunRecord } from "../../../src/runtime/protocol/channel.js";
import type { RunId } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";

const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;

const home = testHome();
let client: SidecarClient;

beforeAll(async () => {
  client = await connectTo(home);
});

afterAll(async () => {
  client.close();
  await home[Symbol.asyncDispose]();
});

/** Starts a script of one command and resolves when that has said that it is up. */
async function started(name: string, message: string): Promise<Run> {
  const folder = join(home.path, "api", name);
  mkdirSync(folder, { recursive: true });
  const params = { path: PROGRAMS, message, on: [{ event: "/ignoring|listening on/", done: true }] };
  writeFileSync(join(folder, "start.json"), JSON.stringify({ daemon: true, run: [{ method: "shell.run", params }] }));
  const { run } = await client.request("runs.start", { script: join(folder, "start.json"), consent: true });
  return client.request("runs.wait", { runId: run.id, waitMs: 10_000 });
}

function runnerOf(id: RunId): number {
  const file = join(home.path, "runs", id, "run.json");
  return (JSON.parse(readFileSync(file, "utf8")) as RunRecord).process?.pid ?? 0;
}

const isEnded = (run: Run | null): boolean => run?.state === "ended";
const outputOf = (id: RunId): string => readFileSync(join(home.path, "runs", id, "output.log"), "utf8");

test("a runner that is killed leaves no program and no port behind, and what it had printed", async () => {
  const mark = `mark-${process.pid}-${Date.now()}`;
  const hidden = `env -i setsid python3 -S ignore-signals.py 600 ${mark} > /dev/null &`;
  const run = await started("victim", `${hidden} python3 -S port-holder.py ${mark}; sleep 600`);
  expect(run).toMatchObject({ state: "ready" });
  const [, port] = /listening on (\d+)/.exec(outputOf(run.id)) ?? [];
  await until(
    () => processesAbout(mark).length,
    (count) => count === 3,
  );
  process.kill(runnerOf(run.id), "SIGKILL");
  const ended = await until(() => client.request("runs.find", { runId: run.id }), isEnded);
  expect(ended?.end).toMatchObject({ outcome: "crashed", error: { code: "runner-lost" } });
  expect(ended?.ending).toMatchObject({ left: 0, portsClosed: [Number(port)], portsOpen: [] });
  expect(processesAbout(mark)).toEqual([]);
  expect((await home.run("logs", run.id)).out).toContain(`listening on ${port}`);
});

test("a runner that is killed before it could tell that its last program has ended: nothing is said to be left", async () => {
  const mark = `mark-${process.pid}-${Date.now()}`;
  const run = await started("deaf", `exec python3 -S ignore-signals.py 600 ${mark}`);
  const stopped = client.request("runs.stop", { runId: run.id });
  await until(
    () => client.request("runs.find", { runId: run.id }),
    (now) => now?.ending?.left === 1,
  );
  process.kill(runnerOf(run.id), "SIGSTOP"); // and tells nothing more
  for (const pid of processesAbout(mark)) process.kill(pid, "SIGKILL");
  await until(
    () => processesAbout(mark),
    (left) => left.length === 0,
  );
  process.kill(runnerOf(run.id), "SIGKILL");
  expect((await stopped).run).toMatchObject({ end: { outcome: "stopped" }, ending: { processes: 1, left: 0 } });
});

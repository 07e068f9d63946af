import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import { frameSocket } from "../../../src/runtime/base/frame-socket.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";

const recordOf = (home: TestHome) => readSidecarRecord(join(home.path, "run/sidecar.json"))!;

function putScript(home: TestHome, name: string, script: unknown): string {
  const folder = join(home.path, "api", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "start.json"), JSON.stringify(script));
  return join(folder, "start.json");
}

const daemon = {
  daemon: true,
  run: [{ method: "shell.run", params: { message: "echo up; sleep 600", on: [{ event: "/^up/m", done: true }] } }],
};

interface OnDisk {
  process: { pid: number };
  socket: string;
}

const runOnDisk = (home: TestHome): OnDisk => {
  const [id] = readdirSync(join(home.path, "runs"));
  return JSON.parse(readFileSync(join(home.path, "runs", id!, "run.json"), "utf8")) as OnDisk;
};

async function killSidecar(home: TestHome): Promise<void> {
  const { pid } = recordOf(home);
  process.kill(pid, "SIGKILL");
  await gone(pid);
}

const gone = (pid: number): Promise<unknown> =>
  until(
    () => startTimeOf(pid),
    (time) => time === null,
  );

test("a run whose socket and folder were cleaned away is found again, not ended", async () => {
  await using home = testHome();
  const file = putScript(home, "survivor", daemon);
  expect((await home.run("script", "run", file)).code).toBe(0);
  const { process: runner, socket } = runOnDisk(home);
  rmSync(dirname(socket), { recursive: true });
  await killSidecar(home);
  expect((await home.run("up")).code).toBe(0);
  expect((await home.run("script", "status", file, "--json")).json).toMatchObject({ running: true });
  const { json } = await until(
    () => home.run("script", "stop", file, "--json"),
    ({ code }) => code === 0,
    30_000,
  );
  expect(json).toMatchObject({ run: { end: { outcome: "stopped" } } });
  await gone(runner.pid); // it says that everything has ended, then ends
});

test("a runner that hangs does not keep a new sidecar from starting, and can be stopped", async () => {
  await using home = testHome();
  const file = putScript(home, "hanging", daemon);
  expect((await home.run("script", "run", file)).code).toBe(0);
  const { pid } = runOnDisk(home).process;
  process.kill(pid, "SIGSTOP");
  await killSidecar(home);
  const up = await home.run("up");
  expect(up.code).toBe(0);
  expect((await home.run("script", "status", file, "--json")).json).toMatchObject({ running: true });
  const stopped = await home.run("script", "stop", file, "--json");
  expect(stopped.json).toMatchObject({ run: { end: { outcome: "stopped" } } });
  expect(startTimeOf(pid)).toBeNull();
});

test("what is stopped while it starts was stopped, not crashed", async () => {
  await using home = testHome();
  await home.run("up");
  const file = putScript(home, "quick", daemon);
  for (const wait of [0, 30, 90]) {
    const run = home.run("script", "run", file, "--json");
    await until(
      () => home.run("script", "status", file, "--json"),
      ({ json }) => json["running"] === true,
    );
    await new Promise((resolve) => setTimeout(resolve, wait));
    await home.run("script", "stop", file);
    const latest = await home.run("logs", "quick", "--json");
    expect(latest.json).toMatchObject({ state: "ended", end: { outcome: "stopped" } });
    await run;
  }
});

test("strange files among the runs stop nothing", async () => {
  await using home = testHome();
  mkdirSync(join(home.path, "runs/run_000000000001/run.json"), { recursive: true });
  mkdirSync(join(home.path, "runs/run_000000000002"), { recursive: true });
  writeFileSync(join(home.path, "runs/run_000000000002/run.json"), "{");
  mkdirSync(join(home.path, "runs/not-a-run"), { recursive: true });
  expect((await home.run("up")).code).toBe(0);
  expect((await home.run("list")).code).toBe(0);
});

test("a live run whose record was damaged is still known and can be stopped", async () => {
  await using home = testHome();
  const file = putScript(home, "damaged", daemon);
  expect((await home.run("script", "run", file)).code).toBe(0);
  const [id] = readdirSync(join(home.path, "runs"));
  await killSidecar(home);
  writeFileSync(join(home.path, "runs", id!, "run.json"), "half a rec");
  expect((await home.run("script", "status", file, "--json")).json).toMatchObject({ running: true });
  expect((await home.run("script", "stop", file, "--json")).json).toMatchObject({ run: { state: "ended" } });
});

test("a runner's socket that talks nonsense, or of another run, harms nobody", async () => {
  await using home = testHome();
  const file = putScript(home, "victim", daemon);
  expect((await home.run("script", "run", file)).code).toBe(0);
  const { process: runner, socket } = runOnDisk(home);
  process.kill(runner.pid, "SIGSTOP");
  await killSidecar(home);
  rmSync(socket);
  const server = createServer((client) => {
    const frames = frameSocket(client, { onFrame: () => undefined, onClosed: () => undefined });
    frames.send("this is not JSON");
    frames.send(JSON.stringify({ t: "state", core: 1, run: { id: "run_ffffffffffff" } }));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    expect((await home.run("up")).code).toBe(0);
    expect((await home.run("list")).code).toBe(0);
  } finally {
    server.close();
    process.kill(runner.pid, "SIGCONT");
  }
});

test("a script outside every app is not started without consent", async () => {
  await using home = testHome();
  const outside = join(home.path, "..", "outside.json");
  writeFileSync(outside, JSON.stringify({ run: [{ method: "log", params: { text: "x" } }] }));
  putScript(home, "plain", daemon);
  const answer = await home.run("run", "plain", "../../../outside.json");
  expect(answer.code).toBe(1);
  expect(answer.err).toMatch(/Nobody has agreed yet/);
});

test("the folder for sockets goes with the sidecar when nothing runs", async () => {
  await using home = testHome();
  await home.run("up");
  const folder = dirname(recordOf(home).socket);
  expect(existsSync(folder)).toBe(true);
  await home.run("down");
  expect(existsSync(folder)).toBe(false);
});

test("two that may only look do not fight over the socket", async () => {
  await using home = testHome();
  mkdirSync(join(home.path, "run"), { recursive: true });
  const elsewhere = { host: "other-machine", bootId: "b", pid: 1, startTime: "1", heartbeatAt: Date.now() };
  writeFileSync(join(home.path, "run/lock.json"), JSON.stringify(elsewhere));
  const pids = (await Promise.all([1, 2, 3].map(() => home.run("up", "--json")))).map(({ json }) => json["pid"]);
  expect(new Set(pids).size).toBe(1);
});

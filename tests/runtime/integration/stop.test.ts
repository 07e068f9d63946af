import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, test } from "@jest/globals";
import { randomOf, seedFrom } from "../../helpers/random.js";
import { startRunner, type TestRunner, until } from "../../helpers/test-runner.js";

const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;

/** In the command line of all that a test starts, so that it is found without any of the ways being tested. */
const newMark = (): string => `mark-${process.pid}-${Math.random().toString(36).slice(2)}`;

/** Each tries to stay alive in its own way. */
const ADVERSARIES = JSON.parse(readFileSync(`${PROGRAMS}adversaries.json`, "utf8")) as Readonly<Record<string, string>>;

/** In a shell that stays, so that the run goes on whatever the program does. */
const appWith = (program: string, mark: string): object => ({
  daemon: true,
  run: [
    {
      method: "shell.run",
      params: { path: PROGRAMS, message: `${program.replace("MARK", mark)}; sleep 600; : ${mark}` },
    },
  ],
});

function survivors(mark: string): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      const isZombie = readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
      return command.includes(mark) && !isZombie ? [`${pid} ${command.replaceAll("\0", " ")}`] : [];
    } catch {
      return [];
    }
  });
}

const marks: string[] = [];
function marked(): string {
  const mark = newMark();
  marks.push(mark);
  return mark;
}

afterAll(() => {
  for (const mark of marks) for (const line of survivors(mark)) process.kill(Number(line.split(" ")[0]), "SIGKILL");
});

async function stopAfter(runner: TestRunner, waitMs: number, graceMs: number) {
  const watcher = await runner.connect();
  await delay(waitMs);
  watcher.stop(graceMs);
  const run = await watcher.waitFor(({ state }) => state === "ended", graceMs + 15_000);
  await runner.exited;
  return run;
}

describe("stopped means gone", () => {
  test.each(Object.entries(ADVERSARIES))("%s", async (_, program) => {
    const mark = marked();
    await using runner = await startRunner(appWith(program, mark), { isReaped: true });
    await until(
      () => survivors(mark).length,
      (count) => count > 1,
    );
    const run = await stopAfter(runner, 200, 400);
    expect(survivors(mark)).toEqual([]);
    expect(run.end).toMatchObject({ outcome: "stopped" });
    expect(run.ending).toMatchObject({ left: 0, portsOpen: [] });
    expect(run.ending?.processes).toBeGreaterThan(0);
  });

  /** Chosen anew each time; the seed says how to have the same again. */
  test("at any moment, a hundred times", async () => {
    const seed = seedFrom("STOP_SEED");
    const random = randomOf(seed);
    const names = Object.keys(ADVERSARIES);
    const rounds = Number(process.env["STOPS"] ?? 100);
    const failures: unknown[] = [];
    let round = 0;
    const worker = async (): Promise<void> => {
      while (round++ < rounds) {
        const name = names[Math.floor(random() * names.length)] ?? "";
        const waitMs = random() * 400;
        const graceMs = random() * 300;
        const mark = marked();
        await using runner = await startRunner(appWith(ADVERSARIES[name] ?? "", mark), { isReaped: true });
        const run = await stopAfter(runner, waitMs, graceMs);
        const left = survivors(mark);
        if (left.length > 0 || run.end?.outcome !== "stopped")
          failures.push({ name, waitMs, graceMs, left, end: run.end });
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    expect({ seed, failures }).toEqual({ seed, failures: [] });
  });
});

test("what stopping took is told, and the port is given back", async () => {
  const mark = marked();
  await using runner = await startRunner(appWith("python3 -S port-holder.py MARK", mark), { isReaped: true });
  const port = await until(
    () => Number(/listening on (\d+)/.exec(runner.output())?.[1] ?? 0),
    (found) => found > 0,
  );
  const run = await stopAfter(runner, 0, 300);
  expect(run.ending).toMatchObject({ left: 0, portsClosed: [port], portsOpen: [] });
  expect(run.ending?.killed).toBeGreaterThan(0);
  expect(run.ending?.processes).toBeGreaterThanOrEqual(3);
  expect(await answers(port)).toBe(false);
});

test("a runner that is killed leaves nothing behind, even what left everything behind", async () => {
  const mark = marked();
  await using runner = await startRunner(appWith("python3 -S escape.py MARK", mark), { isReaped: true });
  await until(
    () => survivors(mark).filter((line) => line.includes("-c import time")).length,
    (count) => count === 1,
  );
  const { process: runnerProcess } = runner.record();
  process.kill(runnerProcess?.pid ?? 0, "SIGKILL");
  await runner.exited;
  expect(survivors(mark)).toEqual([]);
});

test("when what adopts a run's programs was killed, a stop finds them by its other trails", async () => {
  const names = ["a session of its own", "a daemon", "one that hears no signal", "background jobs", "zombies"];
  await Promise.all(
    names.map(async (name) => {
      const mark = marked();
      await using runner = await startRunner(appWith(ADVERSARIES[name] ?? "", mark), { isReaped: true });
      await until(
        () => survivors(mark).length,
        (count) => count > 1,
      );
      const { reaper } = runner.record();
      process.kill(reaper?.pid ?? 0, "SIGKILL");
      await runner.exited; // of which the reaper is the first process
      const watcher = await runner.connect();
      expect(watcher.latest()?.end ?? null).toBeNull();
      watcher.stop(400);
      const run = await watcher.waitFor(({ state }) => state === "ended", 20_000);
      expect({ name, left: survivors(mark) }).toEqual({ name, left: [] });
      expect(run).toMatchObject({ end: { outcome: "stopped" }, ending: { left: 0, portsOpen: [] } });
    }),
  );
});

test("what another program listens on is left alone", async () => {
  const mark = marked();
  await using runner = await startRunner(appWith("python3 -S same-group.py MARK", mark), { isReaped: true });
  const bystander = marked();
  await using other = await startRunner(appWith("python3 -S port-holder.py MARK", bystander), { isReaped: true });
  await until(other.output, (text) => text.includes("listening on"));
  const before = survivors(bystander).length;
  await stopAfter(runner, 0, 200);
  expect(survivors(bystander)).toHaveLength(before);
});

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

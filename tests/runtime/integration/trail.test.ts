import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { groupProcesses, writeGroup } from "../../../src/runtime/base/cgroups.js";
import { newRunId } from "../../../src/runtime/base/run-id.js";
import { RunGroupMaker } from "../../../src/runtime/resources/run-groups.js";
import { startRunner, until } from "../../helpers/test-runner.js";

const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;

/** A program that has left its session, its parents and its environment behind. */
const ESCAPES = {
  daemon: true,
  run: [
    { method: "shell.run", params: { message: "while [ ! -e go ]; do sleep 0.05; done" } },
    { method: "shell.run", params: { path: PROGRAMS, message: "python3 -S escape.py MARK; sleep 600" } },
  ],
};

function makeTrail(): string | null {
  return new RunGroupMaker().make(newRunId(Date.now()), { isLimited: false })?.trail ?? null;
}

const probe = makeTrail();
if (probe !== null) new RunGroupMaker().remove({ trail: probe, memory: null, cpu: null });
const whenPossible = probe === null ? test.skip : test;

const script = (mark: string): unknown => JSON.parse(JSON.stringify(ESCAPES).replace("MARK", mark));

const escapedIn = (trail: string, mark: string): number[] =>
  groupProcesses(trail).filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return command.includes("time.sleep(600)") && command.includes(mark);
    } catch {
      return false;
    }
  });

whenPossible(
  "without a process that adopts what it starts, a run finds what left everything behind by its group",
  async () => {
    const trail = makeTrail()!;
    const groups = { trail, memory: null, cpu: null };
    const mark = `mark-${process.pid}-alone`;
    await using runner = await startRunner(script(mark), { groups });
    expect(writeGroup(trail, "cgroup.procs", String(runner.pid))).toBe(true);
    writeFileSync(join(runner.app, "go"), "");
    const [escaped = 0] = await until(
      () => escapedIn(trail, mark),
      (found) => found.length > 0,
    );
    expect(runner.processes()).not.toContain(escaped);
    const watcher = await runner.connect();
    watcher.stop(500);
    const run = await watcher.waitFor(({ state }) => state === "ended", 20_000);
    expect(run.ending).toMatchObject({ left: 0 });
    await runner.exited;
    expect(groupProcesses(trail)).toEqual([]);
    new RunGroupMaker().remove(groups);
    expect(existsSync(trail)).toBe(false);
  },
);

whenPossible(
  "a runner and all that it starts is in the group from the first instruction on, and the group goes with it",
  async () => {
    const trail = makeTrail()!;
    const mark = `mark-${process.pid}-reaped`;
    await using runner = await startRunner(script(mark), {
      groups: { trail, memory: null, cpu: null },
      isReaped: true,
    });
    const { process: own, reaper } = runner.record();
    expect(groupProcesses(trail)).toContain(own?.pid);
    expect(groupProcesses(trail)).not.toContain(reaper?.pid);
    writeFileSync(join(runner.app, "go"), "");
    await until(
      () => escapedIn(trail, mark),
      (found) => found.length > 0,
    );
    process.kill(own?.pid ?? 0, "SIGKILL");
    await runner.exited;
    expect(existsSync(trail)).toBe(false);
  },
);

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { type CgroupTree, groupProcesses, overMemoryOf, writeGroup } from "../../../src/runtime/base/cgroups.js";
import { groupFolders, type RunGroups } from "../../../src/runtime/protocol/channel.js";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { newRunId } from "../../../src/runtime/base/run-id.js";
import { RunGroupMaker, setLimits } from "../../../src/runtime/resources/run-groups.js";
import { until } from "../../helpers/command-line.js";
import { ownPrograms } from "../../helpers/own-programs.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const HOG = new URL("../../fixtures/programs/memory-hog.py", import.meta.url).pathname;
const MB = 1024 ** 2;
const newId = (): RunId => RunId.parse(newRunId(Date.now()));

/** Whether this machine lets groups be made at all, and of which kinds; elsewhere there is nothing to be tried. */
const possible = new RunGroupMaker().enforced;
const trial = new RunGroupMaker().make(newId(), { isLimited: false });
if (trial !== null) new RunGroupMaker().remove(trial);
const whenPossible = (is: boolean) => (is ? test : test.skip);

const enter = (groups: RunGroups, which: "trail" | "memory" | "cpu", pid: number): boolean =>
  writeGroup(groups[which] ?? "", "cgroup.procs", String(pid));

test("where no group can be made none is, and limits are watched", () => {
  using folder = temporaryFolder();
  const missing: CgroupTree = { version: 2, controllers: ["memory", "cpu"], folder: join(folder.path, "missing") };
  for (const maker of [new RunGroupMaker([]), new RunGroupMaker([missing])]) {
    expect(maker.make(newId(), { isLimited: true })).toBeNull();
    expect(maker.enforced).toEqual({ memory: "watched", cpu: "watched" });
  }
});

test("a folder that only looks like a tree of groups enforces nothing", () => {
  using folder = temporaryFolder();
  const maker = new RunGroupMaker([{ version: 1, controllers: ["memory"], folder: folder.path }]);
  expect(maker.enforced.memory).toBe("watched");
  const groups = maker.make(newId(), { isLimited: true });
  expect(groups).toMatchObject({ memory: null, cpu: null });
  expect(setLimits(groups!, { memoryBytes: 1, cpu: 1 })).toEqual({ memory: "watched", cpu: "watched" });
});

whenPossible(trial !== null)(
  "a trail holds what is put in and all that it starts, and goes when that is gone",
  async () => {
    using programs = ownPrograms();
    const maker = new RunGroupMaker();
    const id = newId();
    const groups = maker.make(id, { isLimited: false })!;
    expect(groups).toMatchObject({ memory: null, cpu: null });
    const { pid } = await programs.start("echo there; read; setsid env -i sleep 600 & wait");
    expect(enter(groups, "trail", pid)).toBe(true);
    expect(groupProcesses(groups.trail!)).toEqual([pid]);
    maker.remove(groups);
    expect(existsSync(groups.trail!)).toBe(true); // not while somebody is in it
    for (const inside of programs.find()) process.kill(inside, "SIGKILL");
    await until(
      () => existsSync(groups.trail!),
      (isThere) => !isThere,
      20_000,
    );
  },
);

whenPossible(trial !== null)("what is left of runs that are over is swept away, of others nothing", () => {
  const maker = new RunGroupMaker();
  const [over, live] = [newId(), newId()];
  const [first, second] = [maker.make(over, { isLimited: true })!, maker.make(live, { isLimited: false })!];
  new RunGroupMaker().sweep((id) => id === over);
  expect(groupFolders(first).some(existsSync)).toBe(false);
  expect(groupFolders(second).every(existsSync)).toBe(true);
  maker.sweep((id) => id === live);
  expect(groupFolders(second).some(existsSync)).toBe(false);
});

whenPossible(possible.memory === "cgroup")(
  "a program that wants more memory than its group may have is ended",
  async () => {
    using programs = ownPrograms();
    const maker = new RunGroupMaker();
    const groups = maker.make(newId(), { isLimited: true })!;
    try {
      expect(setLimits(groups, { memoryBytes: 64 * MB, cpu: null })).toEqual({ memory: "cgroup", cpu: possible.cpu });
      const place = join(groups.memory!, "cgroup.procs");
      await programs.start(`echo 0 > ${place}; echo in; python3 -S ${HOG} 300; echo $? > code`);
      const code = await until(
        () => programs.read("code"),
        (text) => text !== "",
        20_000,
      );
      expect(code.trim()).toBe("137");
      expect(overMemoryOf(groups)).toEqual({ programs: 1, limitBytes: 64 * MB });
      setLimits(groups, { memoryBytes: null, cpu: null });
      await programs.start(`echo 0 > ${place}; echo in; python3 -S ${HOG} 300 > out`);
      await until(
        () => programs.read("out"),
        (text) => text.startsWith("taken"),
        20_000,
      );
    } finally {
      for (const pid of programs.find()) process.kill(pid, "SIGKILL");
      maker.remove(groups);
    }
  },
);

whenPossible(possible.cpu === "cgroup")("a program gets no more of the processor than its group may use", async () => {
  using programs = ownPrograms();
  const maker = new RunGroupMaker();
  const groups = maker.make(newId(), { isLimited: true })!;
  try {
    setLimits(groups, { memoryBytes: null, cpu: 0.2 });
    const place = join(groups.cpu!, "cgroup.procs");
    const { pid } = await programs.start(`echo 0 > ${place}; echo in; while :; do :; done`);
    const worked = (): number => {
      const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
      const [user, system] = rest.split(" ").slice(11, 13).map(Number);
      return ((user ?? 0) + (system ?? 0)) / 100;
    };
    const [before, began] = [worked(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const cores = (worked() - before) / ((performance.now() - began) / 1_000);
    expect(cores).toBeLessThan(0.35);
    expect(cores).toBeGreaterThan(0.02);
  } finally {
    for (const pid of programs.find()) process.kill(pid, "SIGKILL");
    maker.remove(groups);
  }
});

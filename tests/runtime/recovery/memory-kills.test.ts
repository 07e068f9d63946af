import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { kernelMemoryKills, memoryKillCount } from "../../../src/runtime/recovery/memory-kills.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pinokiocloud-memory-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test("the count is that of this process's own group", () => {
  const ownCgroups = write("self", "0::/user.slice/app.scope\n");
  write("cgroup/user.slice/app.scope/memory.events", "low 0\nhigh 0\nmax 7\noom 3\noom_kill 2\noom_group_kill 0\n");
  expect(memoryKillCount({ cgroups: join(folder, "cgroup"), ownCgroups })).toBe(2);
});

test("in a container the own group is at the top", () => {
  const ownCgroups = write("self", "0::/docker/4f5e\n");
  write("cgroup/memory.events", "oom 1\noom_kill 1\n");
  expect(memoryKillCount({ cgroups: join(folder, "cgroup"), ownCgroups })).toBe(1);
});

test("groups of the older kind tell as well", () => {
  const ownCgroups = write("self", "9:name=systemd:/\n4:memory:/box/03c2\n0::/\n");
  write("cgroup/memory/box/03c2/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
  expect(memoryKillCount({ cgroups: join(folder, "cgroup"), ownCgroups })).toBe(1);
});

test("where nothing is told nothing is known", () => {
  expect(memoryKillCount({ cgroups: folder, ownCgroups: join(folder, "missing") })).toBeNull();
});

// Three records of a kernel that ended a program in a cgroup of 60 MB.
const LOG = [
  "4,352,13012724853,-; oom_kill_process.cold+0x8/0x8a",
  "6,423,13012728905,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/box,task_memcg=/box,task=python3,pid=22285,uid=0",
  "3,424,13012729157,-;Memory cgroup out of memory: Killed process 22285 (python3) total-vm:426168kB, anon-rss:60672kB, file-rss:6640kB, shmem-rss:0kB, UID:0 pgtables:180kB oom_score_adj:0",
].join("\n");

test("the kernel's log names whom it ended, and older records are left out", () => {
  expect(kernelMemoryKills(LOG, 13_000_000)).toEqual([
    { program: "python3", pid: 22285, group: "/box", atMs: 13_012_729.157 },
  ]);
  expect(kernelMemoryKills(LOG, 13_012_730)).toEqual([]);
});

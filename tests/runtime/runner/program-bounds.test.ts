import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ProgramBounds } from "../../../src/runtime/runner/program-bounds.js";
import { ownPrograms } from "../../helpers/own-programs.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("without limits a program is started as it is", () => {
  const bounds = new ProgramBounds({ groups: { trail: "/somewhere", memory: null, cpu: null }, nice: 0 });
  expect(bounds.command("/bin/bash", ["-c", "x"])).toEqual({ program: "/bin/bash", args: ["-c", "x"] });
});

test("with limits it enters its groups first, and keeps its id, its arguments and its exit code", () => {
  using folder = temporaryFolder();
  const groups = ["memory", "it's cpu"].map((name) => {
    const group = join(folder.path, name);
    mkdirSync(group);
    writeFileSync(join(group, "cgroup.procs"), "");
    return group;
  });
  const [memory = null, cpu = null] = groups;
  const bounds = new ProgramBounds({ groups: { trail: null, memory, cpu }, nice: 0 });
  const { program, args } = bounds.command("/bin/bash", ["-c", 'echo $$ "$0" "$1"; exit 3', "a b", "*"]);
  const { stdout, status, pid } = spawnSync(program, args, { encoding: "utf8" });
  expect({ stdout, status }).toEqual({ stdout: `${pid} a b *\n`, status: 3 });
  for (const group of groups) expect(readFileSync(join(group, "cgroup.procs"), "utf8")).toBe("0\n");
});

test("a group that is gone keeps nothing from starting", () => {
  const bounds = new ProgramBounds({ groups: { trail: null, memory: "/nowhere/at-all", cpu: null }, nice: 0 });
  const { program, args } = bounds.command("/bin/echo", ["started"]);
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: "started\n", stderr: "" });
});

test("programs yield from their start on, and those that run when it changes, thread by thread", async () => {
  using programs = ownPrograms();
  const bounds = new ProgramBounds({ groups: undefined, nice: 4 });
  const first = spawn("sleep", ["600"]);
  bounds.started(first.pid ?? 0);
  const { pid } = await programs
    .start(
      `exec python3 -S -c 'import threading, time
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
print(*[__import__("threading").enumerate()[-1].native_id], flush=True)
time.sleep(600)'`,
    )
    .then(({ pid: leader, line }) => ({ pid: [leader, Number(line)] }));
  try {
    expect(getPriority(first.pid)).toBe(4);
    bounds.beNice(9, [first.pid ?? 0, pid[0] ?? 0]);
    expect([first.pid ?? 0, ...pid].map((one) => getPriority(one))).toEqual([9, 9, 9]);
    const later = spawn("sleep", ["600"]);
    bounds.started(later.pid ?? 0);
    expect(getPriority(later.pid)).toBe(9);
    later.kill("SIGKILL");
  } finally {
    first.kill("SIGKILL");
  }
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { RUN_TOKEN_VARIABLE } from "../../../src/runtime/protocol/channel.js";
import { processesOfRun } from "../../../src/runtime/runner/processes-of-run.js";
import { ShellSession } from "../../../src/runtime/runner/shell-session.js";
import { ownPrograms } from "../../helpers/own-programs.js";

const NOTHING = { runId: "no such run", sessions: [], reaper: null };
const runId = `run-${process.pid}`;
const TOKEN = { [RUN_TOKEN_VARIABLE]: runId };

test("what carries the run's token is found wherever it went, and not for another run", async () => {
  using programs = ownPrograms();
  const [pid] = await programs.orphan("echo $$; exec sleep 71941", TOKEN);
  expect(processesOfRun({ ...NOTHING, runId })).toContain(pid);
  expect(processesOfRun({ ...NOTHING, runId: `${runId}0` })).not.toContain(pid);
});

test("so are its children and theirs, although they dropped the token", async () => {
  using programs = ownPrograms();
  const dropped = `env -u ${RUN_TOKEN_VARIABLE} setsid bash -c 'sleep 71942 & echo $$ $!; wait'`;
  const pids = await programs.orphan(`${dropped}; wait`, TOKEN);
  expect(pids).toHaveLength(2);
  expect(processesOfRun({ ...NOTHING, runId })).toEqual(expect.arrayContaining(pids));
});

test("members of a shell's session are found without the token", async () => {
  using programs = ownPrograms();
  const [leader = 0, member = 0] = await programs.orphan("sleep 71943 & echo $$ $!; wait");
  const sessions = [new ShellSession(leader, runId)];
  expect(processesOfRun({ ...NOTHING, sessions })).toEqual(expect.arrayContaining([leader, member]));
  expect(processesOfRun(NOTHING)).not.toContain(member);
});

test("what the reaper has adopted is found, the reaper itself is not", async () => {
  using programs = ownPrograms();
  const [reaper = 0, adopted] = await programs.orphan("sleep 71945 & echo $$ $!; wait");
  const found = processesOfRun({ ...NOTHING, reaper });
  expect(found).toContain(adopted);
  expect(found).not.toContain(reaper);
  expect(processesOfRun(NOTHING)).not.toContain(adopted);
});

test("what a group of the run holds is found although nothing else leads to it, the runner and its reaper are not", async () => {
  using programs = ownPrograms();
  const [hidden = 0, reaper = 0] = await programs.orphan("sleep 71946 & echo $! $$; wait");
  writeFileSync(join(programs.folder, "cgroup.procs"), [hidden, reaper, process.pid, 4_000_000].join("\n"));
  const found = processesOfRun({ ...NOTHING, reaper, groups: [programs.folder] });
  expect(found).toContain(hidden);
  for (const other of [reaper, process.pid, 4_000_000]) expect(found).not.toContain(other);
  const alone = processesOfRun({ ...NOTHING, groups: [programs.folder] });
  expect(alone).toEqual(expect.arrayContaining([hidden, reaper]));
  expect(processesOfRun(NOTHING)).not.toContain(hidden);
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import { RUN_TOKEN_VARIABLE } from "../../../src/runtime/protocol/channel.js";
import { processesOfRun, processesOfSessions } from "../../../src/runtime/runner/processes-of-run.js";
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

test("members of a shell's session are found without the token, after the shell has ended too", async () => {
  using programs = ownPrograms();
  const [leader = 0, member = 0] = await programs.orphan("sleep 71943 & echo $$ $!");
  const sessions = [{ leader, startTime: "1" }];
  expect(processesOfRun({ ...NOTHING, sessions })).toContain(member);
  expect(processesOfSessions(sessions)).toEqual([member]);
  expect(processesOfRun(NOTHING)).not.toContain(member);
});

test("a session whose number is another process's by now is nobody's", async () => {
  using programs = ownPrograms();
  const [leader = 0] = await programs.orphan("echo $$; exec sleep 71944");
  expect(processesOfSessions([{ leader, startTime: startTimeOf(leader) }])).toEqual([leader]);
  expect(processesOfSessions([{ leader, startTime: "1" }])).toEqual([]);
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

import { expect, test } from "@jest/globals";
import { listProcesses, signal, startTimeOf } from "../../../src/runtime/base/processes.js";
import { RUN_TOKEN_VARIABLE } from "../../../src/runtime/protocol/channel.js";
import { ShellSession } from "../../../src/runtime/runner/shell-session.js";
import { type OwnPrograms, ownPrograms } from "../../helpers/own-programs.js";
import { until } from "../../helpers/test-runner.js";

const runId = `session-${process.pid}`;

/** A session whose leader has left a program in it. */
async function leftSession(programs: OwnPrograms, env = {}) {
  const [leader = 0, member = 0] = await programs.orphan("sleep 71951 & echo $$ $!; wait", env);
  const session = new ShellSession(leader, runId);
  const all = session.members();
  signal(leader, "SIGKILL");
  await until(
    () => startTimeOf(leader),
    (time) => time === null,
  );
  return { session, leader, member, all };
}

test("what a shell leaves in its session stays known when the shell is gone", async () => {
  using programs = ownPrograms();
  const { session, leader, member, all } = await leftSession(programs);
  expect(new Set(all)).toEqual(new Set([leader, member]));
  session.close(listProcesses());
  expect(session.members()).toEqual([member]);
  expect(session.members()).toEqual([member]);
});

test("a session that had nobody left is somebody else's when it has, although its leader is gone as well", async () => {
  using programs = ownPrograms();
  const { session } = await leftSession(programs);
  session.close([]);
  expect(session.members()).toEqual([]);
});

test("unless they carry the run's mark: those that were seen have left them there", async () => {
  using programs = ownPrograms();
  const { session, member } = await leftSession(programs, { [RUN_TOKEN_VARIABLE]: runId });
  session.close([]);
  expect(session.members()).toEqual([member]);
});

import { expect, test } from "@jest/globals";
import type { Ending } from "../../../src/runtime/protocol/runs.js";
import { programsEnder } from "../../../src/runtime/runner/end-programs.js";
import { StopRequest } from "../../../src/runtime/runner/stop-request.js";
import { type OwnPrograms, ownPrograms } from "../../helpers/own-programs.js";

function enderOf(programs: OwnPrograms, stop = new StopRequest()) {
  const endings: Ending[] = [];
  const warnings: string[] = [];
  const end = programsEnder(
    {
      find: programs.find,
      shells: () => [],
      onEnding: (ending) => endings.push(ending),
      runs: programs.folder,
      warn: (message) => warnings.push(message),
    },
    stop,
  );
  return { end, endings, warnings };
}

test("the ports that programs held are told, once they are closed", async () => {
  using programs = ownPrograms();
  const { line } = await programs.start(
    `exec "$NODE" -e 'require("net").createServer().listen(0, "127.0.0.1", function () { console.log(this.address().port) })'`,
  );
  const { end, endings, warnings } = enderOf(programs);
  await end();
  expect(endings.at(-1)).toMatchObject({ processes: 1, left: 0, portsClosed: [Number(line)], portsOpen: [] });
  expect(warnings).toEqual([]);
});

test("whoever asks while it goes on waits for the same end: programs are interrupted once", async () => {
  using programs = ownPrograms();
  await programs.start(`trap 'echo INT >> told; sleep 0.2; exit' INT; echo ready; while :; do read -r -t 60; done`);
  const { end } = enderOf(programs);
  const first = end();
  expect(end()).toBe(first);
  await first;
  expect(programs.read("told")).toBe("INT\n");
  expect(programs.find()).toEqual([]);
});

test("a stop that leaves no time kills at once", async () => {
  using programs = ownPrograms();
  await programs.start(`trap 'echo INT >> told' INT TERM; echo ready; while :; do read -r -t 60; done`);
  const stop = new StopRequest();
  stop.make(0);
  const { end, endings } = enderOf(programs, stop);
  await end();
  expect(endings.at(-1)).toMatchObject({ processes: 1, killed: 1, left: 0 });
  expect(programs.read("told")).toBe("");
});

test("with nothing to end nothing is told", async () => {
  using programs = ownPrograms();
  const { end, endings } = enderOf(programs);
  await end();
  expect(endings).toEqual([]);
});

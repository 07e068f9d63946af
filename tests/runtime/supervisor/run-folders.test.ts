import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { runPaths } from "../../../src/runtime/storage/paths.js";
import { oldRuns, readRunFolders, writeRunFolder } from "../../../src/runtime/supervisor/run-folders.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const idOf = (number: number): RunId => RunId.parse(`run_00000000000${number}`);

function put(runs: string, number: number): string {
  const id = idOf(number);
  const paths = runPaths(runs, id);
  const run = sampleRun({ id, startedAt: new Date(number).toISOString() });
  const place = { home: "/h", scriptFile: "/h/a.json", tokenFile: "/t", socket: "/s" };
  const request = { runId: id, appId: null, script: "a.json", action: "run", key: null, platform: "local" };
  writeRunFolder(
    paths,
    {
      ...{ ...place, ...request, vault: null, mayAskLinkLocal: false, nice: 0, ownArguments: [], secrets: [] },
      lacks: { links: false, space: false },
    },
    { run, socket: "/s", process: null, version: "1", key: null },
  );
  return paths.folder;
}

test("runs are found again, oldest first; what is damaged hides no other", () => {
  using folder = temporaryFolder();
  put(folder.path, 2);
  put(folder.path, 1);
  const damaged = put(folder.path, 3);
  writeFileSync(join(damaged, "run.json"), "{ not json");
  const { records, problems } = readRunFolders(folder.path, (id) => runPaths(folder.path, id));
  expect(records.map(({ run }) => run.id)).toEqual([idOf(1), idOf(2), idOf(3)]);
  expect(records[2]).toMatchObject({ run: { state: "running" }, socket: "/s" });
  expect(problems).toHaveLength(1);
});

test("what a killed sidecar has not announced goes; what has output stays", () => {
  using folder = temporaryFolder();
  const half = join(folder.path, idOf(4));
  mkdirSync(half);
  writeFileSync(join(half, "request.json"), "{}");
  writeFileSync(join(half, ".run.json.ab12.tmp"), "");
  const withOutput = join(folder.path, idOf(5));
  mkdirSync(withOutput);
  writeFileSync(join(withOutput, "output.log"), "kept");
  expect(readRunFolders(folder.path, (id) => runPaths(folder.path, id)).records).toEqual([]);
  expect(existsSync(half)).toBe(false);
  expect(readdirSync(withOutput)).toEqual(["output.log"]);
});

test("of many ended runs those go that ended first, and none that has just ended or still runs", () => {
  const runAt = (number: number, endedAt: number | null) =>
    sampleRun({
      id: RunId.parse(`run_${String(number).padStart(12, "0")}`),
      startedAt: new Date(number).toISOString(),
      ...(endedAt === null
        ? {}
        : { state: "ended", end: { outcome: "finished", error: null, at: new Date(endedAt).toISOString() } }),
    });
  const long = runAt(1, 1_000);
  const live = runAt(2, null);
  const short = Array.from({ length: 51 }, (_, index) => runAt(index + 3, index + 4));
  expect(oldRuns([long, live, ...short])).toEqual([short[0]?.id, short[1]?.id]);
});

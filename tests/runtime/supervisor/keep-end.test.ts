import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { RunRecord } from "../../../src/runtime/protocol/channel.js";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { newRun, type Outcome } from "../../../src/runtime/protocol/runs.js";
import { keepEnd } from "../../../src/runtime/supervisor/keep-end.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function runFolder() {
  const parent = temporaryFolder();
  const folder = join(parent.path, "run");
  mkdirSync(folder);
  const record = join(folder, "run.json");
  const said: string[] = [];
  const log = { file: "", write: (_: unknown, message: string) => void said.push(message) };
  return {
    paths: { folder, record },
    said,
    world: { isOver: () => false, log },
    outcome: () => (JSON.parse(readFileSync(record, "utf8")) as RunRecord).run.end?.outcome,
    [Symbol.dispose]: () => parent[Symbol.dispose](),
  };
}

const id = RunId.parse("run_000000000001");

function ended(outcome: Outcome): RunRecord {
  const end = { outcome, error: null, at: "2026-01-01T00:00:00.000Z" };
  const run = newRun({ id, appId: null, script: "/a.json", action: "run", startedAt: end.at, state: "ended", end });
  return { run, socket: "", process: null, version: "", key: null };
}

test("an end that could not be written is written as soon as it can be", async () => {
  using at = runFolder();
  mkdirSync(at.paths.record); // nothing can be written there, as on a full disk
  const kept = keepEnd(ended("finished"), at.paths, at.world);
  expect(at.said).toEqual(["run record not written"]);
  rmdirSync(at.paths.record);
  await kept;
  expect(at.outcome()).toBe("finished");
});

test("an end that is there stays", async () => {
  using at = runFolder();
  writeFileSync(at.paths.record, JSON.stringify(ended("failed")));
  await keepEnd(ended("crashed"), at.paths, at.world);
  expect(at.outcome()).toBe("failed");
});

test("a run whose folder was removed does not come back", async () => {
  using at = runFolder();
  rmSync(at.paths.folder, { recursive: true });
  await keepEnd(ended("finished"), at.paths, at.world);
  expect(existsSync(at.paths.folder)).toBe(false);
});

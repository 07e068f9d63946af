import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { runPaths } from "../../../src/runtime/storage/paths.js";
import { createOldRunFolders } from "../../../src/runtime/supervisor/old-run-folders.js";
import { readRunFolders } from "../../../src/runtime/supervisor/run-folders.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const ID = "run_000000000001";

function filled(folder: string, name: string, files = 200): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (let at = 0; at < files; at++) writeFileSync(join(path, `output.log.${at}`), "x");
  return path;
}

test("a folder is out of sight at once, and gone later without anybody waiting", async () => {
  using folder = temporaryFolder();
  const [first, second] = [filled(folder.path, ID), filled(folder.path, "run_000000000002")];
  const problems: unknown[] = [];
  const old = createOldRunFolders(folder.path, (...problem) => problems.push(problem));
  for (const id of [ID, "run_000000000002"]) old.remove(runPaths(folder.path, id));
  expect([existsSync(first), existsSync(second)]).toEqual([false, false]);
  expect(readdirSync(folder.path)).toHaveLength(2); // nothing was removed while the caller had the turn
  await old.done();
  expect(readdirSync(folder.path)).toEqual([]);
  expect(problems).toEqual([]);
});

test("what a sidecar did not get done is no run for the next one, which removes it", async () => {
  using folder = temporaryFolder();
  filled(folder.path, `.old-${ID}`, 2);
  filled(folder.path, "somebody-elses", 1);
  const found = readRunFolders(folder.path, (id) => runPaths(folder.path, id));
  expect(found).toEqual({ records: [], problems: [] });
  const old = createOldRunFolders(folder.path, () => undefined);
  old.sweep();
  await old.done();
  expect(readdirSync(folder.path)).toEqual(["somebody-elses"]);
});

test("a folder that cannot be removed is told and holds up no other; one that is gone is fine", async () => {
  using folder = temporaryFolder();
  filled(folder.path, ID, 1);
  filled(folder.path, `.old-${ID}`, 1); // in the way
  const other = filled(folder.path, "run_000000000002", 1);
  const problems: string[] = [];
  const old = createOldRunFolders(folder.path, (path) => problems.push(path));
  for (const id of [ID, "run_000000000002", "run_000000000003"]) old.remove(runPaths(folder.path, id));
  await old.done();
  expect(problems).toEqual([join(folder.path, ID)]);
  expect(existsSync(other)).toBe(false);
});

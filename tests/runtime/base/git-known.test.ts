import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { isOnlyHere } from "../../../src/runtime/base/git-known.js";
import { machinePrograms } from "../../../src/runtime/base/machine-programs.js";
import { git } from "../../helpers/cloned-app.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("a commit that only this copy has is told from those that were fetched", async () => {
  using folder = temporaryFolder();
  const [origin, app] = [join(folder.path, "origin"), join(folder.path, "app")];
  const commit = (where: string): string => {
    git(where, "commit", "-q", "--allow-empty", "-m", "one");
    return git(where, "rev-parse", "HEAD");
  };
  git(folder.path, "init", "-q", "origin");
  const fetched = commit(origin);
  git(folder.path, "clone", "-q", "origin", "app");
  writeFileSync(join(app, "edited.txt"), "edited");
  const own = commit(app);
  const programs = machinePrograms(process.env);
  expect(await isOnlyHere(app, { commit: fetched, known: null }, programs)).toBe(false);
  expect(await isOnlyHere(app, { commit: own, known: null }, programs)).toBe(true);
  expect(await isOnlyHere(app, { commit: own, known: fetched }, programs)).toBe(true);
  expect(await isOnlyHere(app, { commit: own, known: own }, programs)).toBe(false);
  expect(await isOnlyHere(app, { commit: "0".repeat(40), known: null }, programs)).toBe(false);
});

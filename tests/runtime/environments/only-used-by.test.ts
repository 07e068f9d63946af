import { mkdirSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "@jest/globals";
import { noteEnvironmentUser } from "../../../src/runtime/environments/environment-users.js";
import { environmentsOnlyOf } from "../../../src/runtime/environments/only-used-by.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { writeAt } from "../../helpers/environments.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const PAINTER = AppId.parse("painter");
const SPEAKER = AppId.parse("speaker");
const GONE = AppId.parse("gone");

function homeWith(...ids: string[]) {
  const folder = temporaryFolder();
  const home = join(folder.path, "home");
  for (const app of [PAINTER, SPEAKER]) mkdirSync(join(home, "api", app), { recursive: true });
  for (const id of ids) {
    writeAt(join(home, id, "pyvenv.cfg"), "home = x");
    noteEnvironmentUser(home, id, PAINTER);
  }
  return {
    home,
    ownAlone: async (needed: readonly string[] = []) => {
      const order = { home, apps: [PAINTER, SPEAKER], isNeeded: (id: string) => needed.includes(id) };
      return (await environmentsOnlyOf(PAINTER, order)).map((path) => relative(home, path)).sort();
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("an environment is an app's alone when no other app that is installed works with it", async () => {
  using w = homeWith("envs/own", "envs/both", "envs/once", "bin/miniforge/envs/named");
  writeAt(join(w.home, "envs/nobodys/pyvenv.cfg"), "home = x");
  noteEnvironmentUser(w.home, "envs/both", SPEAKER);
  noteEnvironmentUser(w.home, "envs/once", GONE);
  expect(await w.ownAlone()).toEqual(["envs/once", "envs/own"]);
});

test("links of apps are uses, also of a folder above it or in it", async () => {
  using w = homeWith("envs/own", "envs/deep", "envs/above/one");
  symlinkSync("../../envs/deep/lib", join(w.home, "api/speaker/lib"));
  symlinkSync(join(w.home, "envs/above"), join(w.home, "api/speaker/all"));
  expect(await w.ownAlone()).toEqual(["envs/own"]);
  symlinkSync(join(w.home, "envs/own"), join(w.home, "api/painter/env"));
  expect(await w.ownAlone()).toEqual(["envs/own"]);
});

test("what packages or others need stays, and so does what holds the environment of another app", async () => {
  using w = homeWith("envs/active", "envs/outer", "envs/outer/inner", "envs/own");
  noteEnvironmentUser(w.home, "envs/outer/inner", SPEAKER);
  expect(await w.ownAlone(["envs/active"])).toEqual(["envs/own"]);
});

test("nothing that lies elsewhere by a link is told", async () => {
  using w = homeWith("envs/own");
  writeAt(join(w.home, "drive/far/pyvenv.cfg"), "home = x");
  symlinkSync(join(w.home, "drive/far"), join(w.home, "envs/far"));
  noteEnvironmentUser(w.home, "envs/far", PAINTER);
  expect(await w.ownAlone()).toEqual(["envs/own"]);
});

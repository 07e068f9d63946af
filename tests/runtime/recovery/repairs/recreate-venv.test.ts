import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { treeSize } from "../../../../src/runtime/base/tree-size.js";
import { recreateVenv } from "../../../../src/runtime/recovery/repairs/recreate-venv.js";
import { repairHome, type RepairHome } from "../../../helpers/repair-world.js";

let home: RepairHome;

beforeEach(() => {
  home = repairHome();
});

afterEach(() => home.remove());

const makeVenv = (path: string): string => {
  home.write(`${path}/pyvenv.cfg`, "home = /usr/bin\n");
  home.write(`${path}/lib/site-packages/a.py`, "1234");
  return join(home.home, "..", path);
};

test("the app's environment is found, moved away whole and made again", async () => {
  const venv = makeVenv("home/api/demo/app/env");
  home.write("home/api/demo/app/env/notes-of-a-person.txt", "keep me");
  const preview = await recreateVenv.preview({ path: null }, home.world());
  const { bytes } = await treeSize([venv]);
  expect(preview).toMatchObject({ refused: null, removes: [], moves: [{ path: venv, bytes }] });
  expect(existsSync(venv)).toBe(true);

  const { done } = await recreateVenv.run({ path: null }, home.world());
  expect(done).toBe(true);
  expect(existsSync(venv)).toBe(false);
  expect(readFileSync(join(home.home, "trash/env/notes-of-a-person.txt"), "utf8")).toBe("keep me");
  expect(home.asked).toEqual([
    ["moveAway", venv],
    ["startScript", "install"],
  ]);
});

test("it is offered only where there is an environment", () => {
  expect(recreateVenv.isPossible?.({ path: null }, home.world())).toBe(false);
  makeVenv("home/api/demo/app/env");
  expect(recreateVenv.isPossible?.({ path: null }, home.world())).toBe(true);
  expect(recreateVenv.isPossible?.({ path: join(home.app, "env") }, home.world())).toBe(false);
});

test("what is no environment is left alone", async () => {
  home.write("home/api/demo/models/weights.bin");
  const path = join(home.app, "models");
  expect((await recreateVenv.run({ path }, home.world())).done).toBe(false);
  expect(existsSync(path)).toBe(true);
  expect(home.asked).toEqual([]);
});

test("an environment outside of the home is left alone, also behind a link", async () => {
  home.write("outside/venv/pyvenv.cfg");
  const path = join(home.outside, "venv");
  expect((await recreateVenv.run({ path }, home.world())).done).toBe(false);

  symlinkSync(home.outside, join(home.app, "linked"));
  expect((await recreateVenv.run({ path: join(home.app, "linked/venv") }, home.world())).done).toBe(false);
  symlinkSync(path, join(home.app, "env"));
  expect((await recreateVenv.run({ path: join(home.app, "env") }, home.world())).done).toBe(false);
  expect(existsSync(join(path, "pyvenv.cfg"))).toBe(true);
});

test("an environment of another app is left alone, and a shared one is not", async () => {
  const theirs = makeVenv("home/api/other/env");
  expect((await recreateVenv.run({ path: theirs }, home.world())).done).toBe(false);
  expect(existsSync(theirs)).toBe(true);
  const shared = makeVenv("home/envs/py311");
  expect((await recreateVenv.run({ path: shared }, home.world())).done).toBe(true);
});

test("an app that is an environment itself is left alone", async () => {
  home.write("home/api/demo/pyvenv.cfg");
  expect((await recreateVenv.run({ path: home.app }, home.world())).done).toBe(false);
  expect((await recreateVenv.run({ path: null }, home.world())).said).toBe("The app has no environment");
  expect(existsSync(home.app)).toBe(true);
});

test("an environment that is in use is left alone", async () => {
  const path = join(home.app, "env");
  mkdirSync(path);
  home.write("home/api/demo/env/pyvenv.cfg");
  const user = spawn("sleep", ["60"], { env: { PATH: process.env["PATH"], VIRTUAL_ENV: path } });
  await once(user, "spawn");
  try {
    expect((await recreateVenv.run({ path }, home.world())).said).toBe(
      `${path} is used by 1 processes: stop them first`,
    );
    expect(existsSync(path)).toBe(true);
  } finally {
    user.kill();
    await once(user, "close");
  }
  expect((await recreateVenv.run({ path }, home.world())).done).toBe(true);
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { clearPartial } from "../../../../src/runtime/recovery/repairs/clear-partial.js";
import { repairHome, type RepairHome } from "../../../helpers/repair-world.js";

let home: RepairHome;

beforeEach(() => {
  home = repairHome();
});

afterEach(() => home.remove());

test("what programs began is removed, and nothing that only looks like it", async () => {
  const partial = [
    home.write("home/api/demo/model.bin.part"),
    home.write("home/api/demo/model.bin.part.json", "{}"),
    home.write("home/cache/HF_HOME/hub/models--a--b/blobs/0af3.incomplete"),
    home.write("home/api/demo/app/models/.cache/huggingface/download/x.safetensors.0af3.incomplete"),
    home.write("home/api/demo/app/.git/objects/pack/tmp_pack_AbC123"),
    home.write("home/api/demo/app/.git/index.lock"),
  ];
  const somebodys = [
    home.write("home/api/demo/chapter-2.part"),
    home.write("home/api/demo/list.incomplete"),
    home.write("home/api/demo/tmp_pack_of_cards"),
    home.write("home/api/demo/yarn.lock"),
    home.write("home/api/demo/app/.git/index"),
    home.write("home/api/demo/app/.git/objects/pack/pack-1.pack"),
    home.write("home/cache/HF_HOME/hub/models--a--b/blobs/0af3"),
    home.write("home/api/other/model.bin.part"),
    home.write("home/api/other/model.bin.part.json", "{}"),
  ];
  const preview = await clearPartial.preview({ path: null }, home.world());
  expect(preview.removes.map(({ path }) => path).sort()).toEqual([...partial].sort());
  expect(partial.every((path) => existsSync(path))).toBe(true);

  expect((await clearPartial.run({ path: null }, home.world())).done).toBe(true);
  expect(partial.filter((path) => existsSync(path))).toEqual([]);
  expect(somebodys.filter((path) => !existsSync(path))).toEqual([]);
});

test("what a program still writes is left alone", async () => {
  const file = home.write("home/cache/HF_HOME/hub/models--a--b/blobs/0af3.incomplete");
  const open = openSync(file, "a");
  try {
    expect((await clearPartial.run({ path: null }, home.world())).done).toBe(false);
    expect(existsSync(file)).toBe(true);
  } finally {
    closeSync(open);
  }
  expect((await clearPartial.run({ path: null }, home.world())).done).toBe(true);
});

test("the lock of a git that lives is left alone", async () => {
  const lock = home.write("home/api/demo/app/.git/index.lock");
  // `git hash-object` waits for its input, as any git at work would be there.
  const git = spawn("git", ["hash-object", "--stdin"], { cwd: join(home.app, "app") });
  await once(git, "spawn");
  try {
    expect((await clearPartial.run({ path: lock }, home.world())).done).toBe(false);
    expect(existsSync(lock)).toBe(true);
  } finally {
    git.stdin.end();
    await once(git, "close");
  }
  expect((await clearPartial.run({ path: lock }, home.world())).done).toBe(true);
  expect(existsSync(lock)).toBe(false);
});

test("shared folders and other apps are left alone while others may be loading", async () => {
  const shared = home.write("home/cache/HF_HOME/hub/models--a--b/blobs/0af3.incomplete");
  const theirs = home.write("home/api/other/.git/index.lock");
  const busy = home.world({ liveRuns: () => 1 });
  expect((await clearPartial.run({ path: null }, busy)).done).toBe(false);
  expect((await clearPartial.run({ path: theirs }, home.world({ liveRuns: () => 1 }))).done).toBe(false);
  expect([existsSync(shared), existsSync(theirs)]).toEqual([true, true]);
});

test("links out of the home are not followed", async () => {
  const outside = [home.write("outside/model.part"), home.write("outside/model.part.json", "{}")];
  symlinkSync(home.outside, join(home.app, "linked"));
  expect((await clearPartial.run({ path: null }, home.world())).done).toBe(false);
  expect((await clearPartial.run({ path: join(home.app, "linked") }, home.world())).done).toBe(false);
  expect((await clearPartial.run({ path: join(home.app, "linked/model.part") }, home.world())).done).toBe(false);
  expect((await clearPartial.run({ path: outside[0] ?? "" }, home.world())).done).toBe(false);
  expect(outside.filter((path) => !existsSync(path))).toEqual([]);
});

test("a damaged file that is named is only moved away, with what it is a link to", async () => {
  const blob = home.write("home/cache/HF_HOME/hub/models--a--b/blobs/0af3", "damaged");
  home.write("home/cache/HF_HOME/hub/models--a--b/snapshots/1/readme.md");
  const link = join(home.home, "cache/HF_HOME/hub/models--a--b/snapshots/1/model.safetensors");
  symlinkSync(blob, link);
  const { done } = await clearPartial.run({ path: link }, home.world());
  expect(done).toBe(true);
  expect(home.asked).toEqual([
    ["moveAway", link],
    ["moveAway", blob],
  ]);
  expect(existsSync(join(home.home, "trash/0af3"))).toBe(true);
});

test("a file of another app is left alone, also behind a link", async () => {
  const theirs = home.write("home/api/other/model.safetensors", "whole");
  const link = join(home.app, "model.safetensors");
  symlinkSync(theirs, link);
  expect((await clearPartial.run({ path: theirs }, home.world())).done).toBe(false);
  expect((await clearPartial.run({ path: link }, home.world())).done).toBe(false);
  expect([existsSync(theirs), existsSync(link)]).toEqual([true, true]);
});

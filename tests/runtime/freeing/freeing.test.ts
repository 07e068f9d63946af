import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { findFreeable, freeItems } from "../../../src/runtime/freeing/index.js";
import { writeKept } from "../../../src/runtime/library/kept.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { freeWorld } from "../../helpers/free-world.js";

type World = ReturnType<typeof freeWorld>;

const MB = 1024 ** 2;
const DAY_MS = 86_400_000;
const signal = new AbortController().signal;

const listed = async ({ world }: World) => (await findFreeable(world, signal)).items;
const refusals = async (one: World) =>
  Object.fromEntries((await listed(one)).map(({ id, refused }) => [id.replace(/(duplicates:).*/, "$1"), refused]));

/** Everything that can go, beside what must stay. */
function fill(one: World): { goes: string[]; stays: string[] } {
  one.write("drive/vae/x.safetensors", "s");
  const copy = one.write("api/app/x.safetensors", "s");
  for (const place of ["drive/vae/x.safetensors", "api/app/x.safetensors"]) one.old(place);
  const goes = [
    one.put("cache/PIP_CACHE_DIR/wheels/a"),
    one.put("cache/UV_CACHE_DIR/wheels/b"),
    one.put("cache/TMPDIR/left.bin"),
    one.put("cache/HF_HOME/hub/models--a--b/blobs/0.incomplete"),
    one.put("bin/miniforge/pkgs/python.conda"),
    one.put("logs/sidecar.log.1"),
    one.put("runs/run_old/output.log"),
    one.put("envs/old/lib/python3/x.so"),
  ];
  writeFileSync(one.put("envs/old/pyvenv.cfg", 10), "version = 3.11\n");
  one.trashEntry("one", new Date(Date.now() - 1_000));
  goes.push(one.at("trash/one"));
  one.old("cache/TMPDIR/left.bin");
  one.state.runs = [{ id: "run_old", folder: one.at("runs/run_old"), endedAt: Date.now() - 8 * DAY_MS }];
  const stays = [
    ...["drive/loras/mine.safetensors", "kept/demo/picture.png", "api/app/outputs/picture.png", "logs/sidecar.log"],
    ...["cache/HF_HOME/hub/models--a--b/blobs/0123", "cache/GRADIO_TEMP_DIR/out.png", "cache/TMPDIR/new.bin"],
    ...["cache/TMPDIR/gradio/out.png", "bin/miniforge/pkgs/python/x.so", "cache/XDG_CACHE_HOME/whisper/small.pt"],
  ].map((place) => one.put(place));
  one.old("cache/TMPDIR/gradio");
  return { goes, stays: [...stays, copy] };
}

test("what can go is told with what comes back, the safest first, and going takes nothing else", async () => {
  using one = freeWorld();
  const { goes, stays } = fill(one);
  const { items, at } = await findFreeable(one.world, signal);
  expect(items.map(({ kind }) => kind)).toEqual([
    ...["partial", "temporary", "cache", "cache", "cache", "logs", "duplicates", "environment", "trash"],
  ]);
  expect(items.filter(({ isSafe }) => !isSafe).map(({ kind }) => kind)).toEqual(["duplicates", "environment", "trash"]);
  for (const { bytes, refused } of items) {
    expect(refused).toBe(null);
    expect(bytes).toBeGreaterThanOrEqual(MB);
  }
  const ids = items.map(({ id }) => id);
  const { bytes, problems } = await freeItems({ ids, before: Date.parse(at) }, one.world, one.watch());
  expect(problems).toEqual([]);
  expect(bytes).toBeGreaterThanOrEqual(items.reduce((sum, item) => sum + item.bytes, 0));
  expect(goes.filter(existsSync)).toEqual([]);
  expect(stays.filter((path) => !existsSync(path))).toEqual([]);
  expect(statSync(one.at("api/app/x.safetensors")).ino).toBe(statSync(one.at("drive/vae/x.safetensors")).ino);
  expect(await listed(one)).toEqual([]);
}, 30_000);

test("copies become names of one file only where no program may write them, and never as what nobody misses", async () => {
  using one = freeWorld();
  const places = ["drive/vae/x.safetensors", "api/app/x.safetensors", "api/app/Output/run/x.safetensors"];
  for (const place of places) {
    one.write(place, "s");
    one.old(place);
  }
  const young = one.write("api/app/last.safetensors", "s");
  const [item] = await listed(one);
  expect(item).toMatchObject({ isSafe: false, where: places.slice(0, 2), refused: null });
  expect(item?.means).toContain("A program that writes into one of them changes all");
  one.put("api/app/outputs/y.safetensors"); // like no other
  const freed = await freeItems({ ids: [item!.id], before: Date.now() }, one.world, one.watch());
  expect([freed.problems, freed.bytes >= 2 * MB]).toEqual([[], true]);
  const [kept, copy, ofMine] = places.map((place) => statSync(one.at(place)).ino);
  expect([copy === kept, ofMine === kept, statSync(young).ino === kept]).toEqual([true, false, false]);
  expect(await listed(one)).toMatchObject([{ refused: expect.stringContaining("within the last day") }]);
});

test("where the disk can, copies share their contents, whoever wrote them; what was agreed to is done in no other way", async () => {
  using one = freeWorld();
  const mine = one.write("api/app/outputs/last.safetensors", "s");
  const backup = one.write("api/app/outputs/backup.safetensors", "s");
  expect(await listed(one)).toEqual([]);
  one.state.sharesContents = true;
  const [item] = await listed(one);
  expect(item).toMatchObject({ isSafe: true, refused: null });
  expect(item?.means).not.toContain("changes all");
  one.state.sharesContents = false;
  for (const path of [mine, backup]) utimesSync(path, 1, 1);
  await freeItems({ ids: [item!.id], before: Date.now() }, one.world, one.watch());
  one.state.sharesContents = true;
  const freed = await freeItems({ ids: [item!.id], before: Date.now() }, one.world, one.watch());
  expect([freed.problems, freed.bytes >= 2 * MB]).toEqual([[], true]);
  expect(statSync(mine).ino).not.toBe(statSync(backup).ino);
  expect(await listed(one)).toEqual([]);
});

test("only what was chosen goes, and what came after it was shown stays", async () => {
  using one = freeWorld();
  const { goes } = fill(one);
  const { at } = await findFreeable(one.world, signal);
  one.trashEntry("two", new Date(Date.now() + 5_000));
  one.state.runs.push({ id: "run_new", folder: one.at("runs/run_new"), endedAt: Date.now() });
  one.put("runs/run_new/output.log");
  const before = Date.parse(at);
  await freeItems({ ids: ["trash", "logs", "cache:uv"], before }, one.world, one.watch());
  expect(["trash/two", "runs/run_new", "cache/PIP_CACHE_DIR", "envs/old"].every((at) => existsSync(one.at(at)))).toBe(
    true,
  );
  const gone = ["trash/one", "runs/run_old/output.log", "cache/UV_CACHE_DIR/wheels/b", "logs/sidecar.log.1"];
  expect(goes.filter((path) => !existsSync(path)).sort()).toEqual(gone.map((place) => one.at(place)).sort());
}, 30_000);

test("nothing goes through a link", async () => {
  using one = freeWorld();
  using elsewhere = freeWorld();
  const theirs = [elsewhere.put("mine/photo.raw"), elsewhere.put("more/photo.raw"), elsewhere.put("envs/e/lib/x.so")];
  writeFileSync(elsewhere.put("envs/e/pyvenv.cfg", 10), "version = 3.11\n");
  mkdirSync(one.at("cache"));
  mkdirSync(one.at("envs"));
  symlinkSync(elsewhere.at("mine"), one.at("cache/PIP_CACHE_DIR"));
  symlinkSync(elsewhere.at("more"), one.at("cache/TMPDIR"));
  symlinkSync(elsewhere.at("envs/e"), one.at("envs/e"));
  elsewhere.old("more/photo.raw");
  expect(await listed(one)).toEqual([]);
  const ids = ["cache:pip", "temporary", "environment:envs/e"];
  await freeItems({ ids, before: Date.now() }, one.world, one.watch());
  expect(theirs.every(existsSync)).toBe(true);
});

test("what a run or a job may be using cannot go, and says why", async () => {
  using one = freeWorld();
  const { goes } = fill(one);
  one.state.atWork = [{ title: "app/install.js", app: AppId.parse("app"), isReady: false }];
  const installing = await refusals(one);
  for (const id of ["duplicates:", "partial", "temporary", "cache:pip", "environment:envs/old"])
    expect([id, installing[id]]).toEqual([id, expect.stringContaining("app/install.js may be using it")]);
  expect(installing).toMatchObject({ logs: null, trash: null });
  const { bytes, problems } = await freeItems({ ids: ["cache:pip"], before: Date.now() }, one.world, one.watch());
  expect([bytes, problems.length]).toEqual([0, 1]);
  one.state.atWork = [{ title: "app/start.js", app: AppId.parse("app"), isReady: true }];
  const serving = await refusals(one);
  expect(serving["duplicates:"]).toContain("app/start.js");
  expect([serving["cache:pip"], serving["environment:envs/old"]]).toEqual([null, null]);
  expect(goes.every(existsSync)).toBe(true);
}, 30_000);

test("what a program has open or works with cannot go", async () => {
  using one = freeWorld();
  fill(one);
  const file = openSync(one.at("cache/UV_CACHE_DIR/wheels/b"), "r");
  const program = spawn("sleep", ["60"], { env: { VIRTUAL_ENV: one.at("envs/old") } });
  one.text("uv", "#!/bin/sh\nread line\n");
  chmodSync(one.at("uv"), 0o755);
  const manager = spawn(one.at("uv"), { env: { UV_CACHE_DIR: one.at("cache/UV_CACHE_DIR") } });
  try {
    const now = await refusals(one);
    expect(now["environment:envs/old"]).toBe("A program works with it");
    expect(now["cache:pip"]).toBe("uv is at work: wait for its end");
    manager.kill("SIGKILL");
    await once(manager, "exit");
    const later = await refusals(one);
    expect(later["cache:uv"]).toContain("wheels/b open");
    expect(later["cache:pip"]).toBe(null);
  } finally {
    closeSync(file);
    for (const process of [program, manager]) process.kill("SIGKILL");
  }
}, 30_000);

test("an environment that is used, active, or holds a person's file is not offered as if nobody needed it", async () => {
  using one = freeWorld();
  fill(one);
  one.state.active = "envs/old";
  expect(await refusals(one)).not.toHaveProperty("environment:envs/old");
  one.state.active = null;
  one.linkTo("api/user/env", "envs/old");
  one.state.installed = ["user"];
  expect(await refusals(one)).not.toHaveProperty("environment:envs/old");
  one.state.installed = [];
  one.text("envs/old/notes.txt", "mine");
  expect((await refusals(one))["environment:envs/old"]).toBe("Files of yours lie in it");
  await freeItems({ ids: ["environment:envs/old"], before: Date.now() }, one.world, one.watch());
  expect(existsSync(join(one.home, "envs/old/notes.txt"))).toBe(true);
}, 30_000);

test("files that an app has left behind are shown with how they go, and go with nothing else", async () => {
  using one = freeWorld();
  const file = one.put("kept/demo/files/fill.bin");
  writeKept(one.home, "demo", {
    at: new Date().toISOString(),
    app: AppId.parse("demo"),
    title: "Demo",
    afterInstall: false,
  });
  expect(await listed(one)).toMatchObject([
    { id: "trash:kept/demo", isSafe: false, refused: expect.stringContaining("trash empty kept/demo") },
  ]);
  await freeItems({ ids: ["trash", "trash:kept/demo"], before: Date.now() }, one.world, one.watch());
  expect(existsSync(file)).toBe(true);
});

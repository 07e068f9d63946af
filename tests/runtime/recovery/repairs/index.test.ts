import { existsSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { bytesOnDisk, treeSize } from "../../../../src/runtime/base/tree-size.js";
import { Repair } from "../../../../src/runtime/protocol/failures.js";
import { sizeText } from "../../../../src/runtime/protocol/sizes.js";
import { previewRepair, repairers, runRepair } from "../../../../src/runtime/recovery/repairs/index.js";
import { offer } from "../../../../src/runtime/recovery/offers.js";
import type { RepairWorld } from "../../../../src/runtime/recovery/repairs/repair.js";
import { repairHome, type RepairHome } from "../../../helpers/repair-world.js";

let home: RepairHome;

beforeEach(() => {
  home = repairHome();
});

afterEach(() => home.remove());

test("every kind that is offered has its repairer", () => {
  const kinds = Repair.options.map((option) => option.shape.kind.value);
  expect(Object.keys(repairers).sort()).toEqual([...kinds].sort());
});

test("a preview asks for nothing and changes nothing", async () => {
  home.write("home/cache/PIP_CACHE_DIR/a");
  for (const repair of [offer.retry(), offer.freeDisk(), offer.otherPort(7860), offer.installPackages("ffmpeg")]) {
    expect((await previewRepair(repair, home.world())).refused).toBeNull();
  }
  expect(home.asked).toEqual([]);
  expect(existsSync(join(home.home, "cache/PIP_CACHE_DIR/a"))).toBe(true);
});

test("another try waits as long as was offered", async () => {
  await runRepair(offer.retry(5_000), home.world());
  expect(home.asked).toEqual([["startScript", "same", { afterMs: 5_000 }]]);
});

test("system packages are installed by names that cannot be anything else", async () => {
  await runRepair(offer.installPackages("libgl1", "ffmpeg"), home.world());
  expect(home.asked).toEqual([
    ["installSystemPackages", ["libgl1", "ffmpeg"]],
    ["startScript", "same"],
  ]);
  for (const name of ["-y", "a; rm -rf /", "./a.deb", "A b"]) {
    expect((await runRepair(offer.installPackages(name), home.world())).done).toBe(false);
  }
  expect(home.asked).toHaveLength(2);
});

test("a token that nobody gives starts nothing", async () => {
  const refusing = home.world({ setToken: () => Promise.resolve(false) });
  expect((await runRepair(offer.setToken("HF_TOKEN", null), refusing)).done).toBe(false);
  expect(home.asked).toEqual([]);
  await runRepair(offer.setToken("HF_TOKEN", null), home.world());
  expect(home.asked).toEqual([
    ["setToken", "HF_TOKEN"],
    ["startScript", "same"],
  ]);
});

test("what steers programs is not set as a token", async () => {
  for (const name of ["LD_PRELOAD", "PATH", "NODE_OPTIONS", "HF_TOKEN=x"]) {
    expect((await runRepair(offer.setToken(name, null), home.world())).done).toBe(false);
  }
  expect(home.asked).toEqual([]);
});

test("another port reaches the program in variables", async () => {
  await runRepair(offer.otherPort(7860), home.world());
  expect(home.asked[0]?.[2]).toMatchObject({ env: { PORT: "43210", GRADIO_SERVER_PORT: "43210" } });
});

test("less memory is asked for by variables", async () => {
  await runRepair(offer.lowerMemory({ PYTORCH_CUDA_ALLOC_CONF: "expandable_segments:True" }), home.world());
  expect(home.asked).toEqual([
    ["startScript", "same", { env: { PYTORCH_CUDA_ALLOC_CONF: "expandable_segments:True" } }],
  ]);
});

test("a flag that the program takes is set before it is started again", async () => {
  const repair = offer.lowerMemory({ A: "1" }, "--lowvram", "--medvram");
  const world = home.world({ flagToSet: () => Promise.resolve("--medvram") });
  expect((await previewRepair(repair, world)).does).toBe(
    "Starts it again with A=1 --medvram; --medvram stays set, among the settings of the app",
  );
  await runRepair(repair, world);
  expect(home.asked).toEqual([
    ["setFlag", "--medvram"],
    ["startScript", "same", { env: { A: "1" } }],
  ]);
});

test("only a page of Hugging Face is opened for its licence", async () => {
  await runRepair(offer.acceptLicence("a/b", "https://huggingface.co/a/b"), home.world());
  expect((await runRepair(offer.acceptLicence("a/b", "https://huggingface.co.evil/a"), home.world())).done).toBe(false);
  expect(home.asked).toEqual([["openPage", "https://huggingface.co/a/b"]]);
});

test("a script of no app has nothing to update", async () => {
  expect((await runRepair(offer.updateApp(), home.world({ app: null }))).done).toBe(false);
  await runRepair(offer.updateApp(), home.world());
  expect(home.asked).toEqual([["updateApp"]]);
});

test("an app without an update script is not said to be updated", async () => {
  const { done, said } = await runRepair(offer.updateApp(), home.world({ canUpdate: () => false }));
  expect([done, said]).toEqual([false, "The app has no update script: install it again from where it came"]);
  expect(home.asked).toEqual([]);
});

test("only caches that are loaded again are emptied, and none while runs are live", async () => {
  const cached = home.write("home/cache/PIP_CACHE_DIR/http/0a", "12345");
  const model = home.write("home/cache/HF_HOME/hub/a");
  expect((await runRepair(offer.freeDisk(), home.world({ liveRuns: () => 2 }))).done).toBe(false);
  expect(existsSync(cached)).toBe(true);
  expect((await runRepair(offer.freeDisk(), home.world())).said).toMatch(/^[1-9]\d* KB were freed$/);
  expect([existsSync(cached), existsSync(model)]).toEqual([false, true]);
});

test("what is being emptied is said piece by piece, and may be ended between two of them", async () => {
  for (const name of ["a", "b", "c"]) home.write(`home/cache/UV_CACHE_DIR/archive/${name}`, "1234567890");
  const { bytes: total } = await treeSize([join(home.home, "cache/UV_CACHE_DIR")]);
  const one = bytesOnDisk(statSync(join(home.home, "cache/UV_CACHE_DIR/archive/a")));
  const stop = new AbortController();
  const said: [string, unknown][] = [];
  const doing: RepairWorld["doing"] = (what, how) => {
    said.push([what, how]);
    if (said.length === 2) stop.abort();
  };
  const ended = await runRepair(offer.freeDisk(), home.world({ doing, signal: stop.signal }));
  expect(ended).toEqual({
    done: false,
    said: `Ended before all was empty: ${sizeText(2 * one)} of ${sizeText(total)} were freed`,
  });
  expect(said).toEqual([
    [`Emptying the caches: 0 B of ${sizeText(total)}`, { canCancel: true, share: 0 }],
    [`Emptying the caches: ${sizeText(one)} of ${sizeText(total)}`, { canCancel: true, share: one / total }],
  ]);
  expect((await runRepair(offer.freeDisk(), home.world())).said).toMatch(/^[1-9]\d* KB were freed$/);
  expect(existsSync(join(home.home, "cache/UV_CACHE_DIR/archive"))).toBe(false);
  expect(existsSync(join(home.home, "cache/UV_CACHE_DIR"))).toBe(true);
});

test("what the package manager says is heard, and it is not ended in between", async () => {
  await runRepair(offer.installPackages("git"), home.world({ signal: AbortSignal.abort() }));
  expect(home.doing).toEqual(["Installing git", "Installing git: Unpacking", "Starting it again"]);
});

test("a cache that is a link to somebody's folder is left alone", async () => {
  const theirs = home.write("outside/precious");
  mkdirSync(join(home.home, "cache"));
  symlinkSync(home.outside, join(home.home, "cache/UV_CACHE_DIR"));
  expect((await runRepair(offer.freeDisk(), home.world())).done).toBe(false);
  expect(existsSync(theirs)).toBe(true);
});

import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { writeTrashRecord } from "../../../src/runtime/base/trash.js";
import { createJobs } from "../../../src/runtime/library/jobs.js";
import { noteFolders } from "../../../src/runtime/library/installing/known-folders.js";
import { createStudio, type StudioEnd } from "../../../src/runtime/library/installing/studio.js";
import { InstalledApp } from "../../../src/runtime/library/installed-store.js";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import { putFiles } from "../../helpers/changes-home.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const STU = appIdOf("stu");
/** Longer than a tick of the clock that dates files. */
const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);

/** A home with an app for a while that `fs.link` has given two folders of the drive, and that made a file in one. */
function studioHome() {
  const folder = temporaryFolder();
  const home = folder.path;
  const [api, drive] = [join(home, "api"), join(home, "drive")];
  putFiles(home, {
    ...{ "drive/drives/peers/d1/ckpt/old.bin": "before", "api/stu/code.txt": "of its repository" },
    "api/stu/outputs/sample.png": "of its repository too",
  });
  pause();
  const installedAt = new Date().toISOString();
  pause();
  putFiles(home, { "api/stu/env/lib/x.py": "of its install script", "api/stu/outputs/first/test.png": "hello" });
  pause();
  const since = new Date().toISOString();
  pause();
  putFiles(home, {
    ...{ "api/stu/pinokio.js": "1", "api/stu/out/a.txt": "picture", "elsewhere/x.bin": "x" },
    ...{ "drive/drives/peers/d1/ckpt/m.bin": "model", "drive/loras/l.bin": "lora" },
  });
  // As cp -p, tar and rsync leave what they bring.
  utimesSync(join(api, "stu/out/a.txt"), new Date("2020-01-01"), new Date("2020-01-01"));
  mkdirSync(join(drive, "drives/peers/d1/empty"));
  const link = (app: string, name: string, to: string): void => {
    mkdirSync(dirname(join(api, app, name)), { recursive: true });
    symlinkSync(to, join(api, app, name));
  };
  link("stu", "models", "../../drive/drives/peers/d1/ckpt");
  link("stu", "empty", "../../drive/drives/peers/d1/empty");
  link("stu", "loras", join(drive, "loras"));
  link("stu", "elsewhere", join(home, "elsewhere"));
  const jobs = createJobs();
  const forgotten: string[] = [];
  const open: string[] = [];
  /** Moves the end of its installation to this moment. */
  const installation = { since, now: () => (pause(), (installation.since = new Date().toISOString()), pause()) };
  const studio = createStudio({
    ...{ home, api, drive, jobs },
    folderFor: () => join(home, "studio"),
    record: () =>
      InstalledApp.parse({
        ...{ source: "x", state: "installed", agreed: null, installedAt, studio: { since: installation.since } },
      }),
    stopRuns: () => Promise.resolve(),
    removeAll: (app) => Promise.resolve(rmSync(join(api, app), { recursive: true })).then(() => 10),
    removeFolders: (folders) => {
      for (const one of folders) rmSync(one, { recursive: true });
      return Promise.resolve(100 * folders.length);
    },
    tokenLeft: () => null,
    isOpen: (one) => open.includes(one),
    forget: (app) => forgotten.push(app),
  });
  const end = async (order: StudioEnd) => jobs.done((await studio.end(STU, order)).job.id);
  const at = (...parts: string[]) => join(home, ...parts);
  return {
    at,
    link,
    since: installation,
    studio,
    end,
    open,
    forgotten,
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const CKPT = "drive/drives/peers/d1/ckpt";

test("what an app for a while has put on the drive is named, offered, and stays where nobody gives it up", async () => {
  using w = studioHome();
  const { files, totalFiles, drive } = await w.studio.files(STU);
  expect(files).toEqual(
    [
      { path: "out/a.txt", bytes: 7 },
      { path: "pinokio.js", bytes: 1 },
      { path: "outputs/first/test.png", bytes: 5 },
      { path: "models/m.bin", bytes: 5, drive: CKPT },
    ].sort((one, other) => other.bytes - one.bytes),
  );
  expect(totalFiles).toBe(4);
  expect(drive).toMatchObject([
    { folder: CKPT, files: 2, madeFiles: 1, madeBytes: 5, usedBy: [], mayGo: true },
    { folder: "drive/loras", files: 1, usedBy: [], mayGo: false },
  ]);
  const over = await w.end({ keep: "all" });
  expect(over.said).toEqual([
    expect.stringMatching(/^drive\/drives\/peers\/d1\/ckpt \(2 files, .*\) stays on the drive$/),
    expect.stringMatching(/^drive\/loras .* stays on the drive$/),
  ]);
  expect(readFileSync(w.at("studio/out/a.txt"), "utf8")).toBe("picture");
  expect(readFileSync(w.at(CKPT, "m.bin"), "utf8")).toBe("model");
  expect(w.forgotten).toEqual(["stu"]);
});

test("a folder of the drive that is the app's alone goes where a person says so, and what was made in it is kept", async () => {
  using w = studioHome();
  const empty = "drive/drives/peers/d1/empty";
  const over = await w.end({ keep: "all", drive: [CKPT, empty] });
  expect(over).toMatchObject({ state: "done", progress: { done: 210, unit: "bytes" } });
  expect(over.said).toEqual([expect.stringContaining("drive/loras")]);
  expect(readFileSync(w.at("studio/models/m.bin"), "utf8")).toBe("model");
  expect(existsSync(w.at("studio/models/old.bin"))).toBe(false);
  expect(readdirSync(w.at("drive/drives/peers"))).toEqual([]);
  expect(readFileSync(w.at("drive/loras/l.bin"), "utf8")).toBe("lora");
});

test.each([
  ["another app", (w: ReturnType<typeof studioHome>) => w.link("other", "deep/models", `../../../${CKPT}`), "other"],
  ["a folder around it", (w: ReturnType<typeof studioHome>) => w.link("other", "all", "../../drive/drives"), "other"],
  ["the drive", (w: ReturnType<typeof studioHome>) => symlinkSync(w.at(CKPT), w.at("drive/mine")), "the drive"],
  [
    "an app in the trash",
    (w: ReturnType<typeof studioHome>) => {
      const entry = w.at("trash/1");
      mkdirSync(join(entry, "files/api/gone"), { recursive: true });
      const record = { at: new Date().toISOString(), from: w.at(), app: appIdOf("gone"), title: "Gone", said: [] };
      writeTrashRecord(entry, { ...record, why: "uninstall" });
      symlinkSync(`../../${CKPT}`, join(entry, "files/api/gone/models"));
    },
    "gone in the trash",
  ],
])("a folder of the drive that %s uses too is never removed", async (_, use, user) => {
  using w = studioHome();
  use(w);
  const { files, drive } = await w.studio.files(STU);
  expect(drive[0]).toMatchObject({ folder: CKPT, usedBy: [user], mayGo: false, madeFiles: 0 });
  expect(files.some((file) => file.drive !== undefined)).toBe(false);
  await expect(w.end({ keep: [], drive: [CKPT] })).rejects.toThrow(
    `${CKPT} is no folder of the drive that only stu uses`,
  );
  expect((await w.end({ keep: [] })).said?.[0]).toContain(`stays on the drive: used by ${user}`);
  expect(readFileSync(w.at(CKPT, "m.bin"), "utf8")).toBe("model");
});

test("what its install script has put among the results counts as made, what came with it does not", async () => {
  using w = studioHome();
  const { files } = await w.studio.files(STU);
  expect(files.map(({ path }) => path)).toContain("outputs/first/test.png");
  expect(files.filter(({ path }) => /sample|env/.test(path))).toEqual([]);
});

test("what is moved here in one piece counts as made, whatever its dates; its note goes with the app", async () => {
  using w = studioHome();
  const world = { home: w.at(), api: w.at("api"), drive: w.at("drive") };
  putFiles(w.at("own"), { "mine/1.png": "one", "mine/deep/2.png": "two" });
  await noteFolders(STU, world);
  putFiles(w.at("api/stu"), { "late.txt": "late" });
  renameSync(w.at("own/mine"), w.at("api/stu/inputs"));
  putFiles(w.at("own"), { "lora.bin": "lora" });
  renameSync(w.at("own"), w.at(CKPT, "mine"));
  w.since.now();
  const { files } = await w.studio.files(STU);
  expect(files.map(({ path }) => path).sort()).toEqual([
    ...["inputs/1.png", "inputs/deep/2.png", "models/mine/lora.bin", "outputs/first/test.png"],
  ]);
  expect(await w.end({ keep: "all", drive: [CKPT], to: w.at("kept") })).toMatchObject({ state: "done" });
  expect(readFileSync(w.at("kept/inputs/deep/2.png"), "utf8")).toBe("two");
  expect(existsSync(w.at("library/studio/stu.json"))).toBe(false);
});

test("nothing is kept in a folder that goes", async () => {
  using w = studioHome();
  symlinkSync(w.at("api/stu"), w.at("by-link"));
  for (const to of [w.at("api/stu/out"), w.at("api/stu/new/deep"), w.at("by-link/kept"), w.at(CKPT, "kept")]) {
    await expect(w.studio.end(STU, { keep: "all", to })).rejects.toMatchObject({
      code: "request-invalid",
      message: `${to} goes with the app, so nothing can be kept there`,
    });
  }
  expect(readFileSync(w.at("api/stu/out/a.txt"), "utf8")).toBe("picture");
  await w.end({ keep: "all", to: w.at("studio/elsewhere") });
  expect(readFileSync(w.at("studio/elsewhere/out/a.txt"), "utf8")).toBe("picture");
});

test("one that a program reads by then stays, though it was given up", async () => {
  using w = studioHome();
  w.open.push(w.at(CKPT));
  const over = await w.end({ keep: [], drive: [CKPT] });
  expect(over.said?.[0]).toMatch(/stays on the drive: a program has a file of it open$/);
  expect(existsSync(w.at(CKPT, "m.bin"))).toBe(true);
});

test("files whose names are no text, or that lie too deep for a path, are told and kept", async () => {
  using w = studioHome();
  const odd = (folder: string, last: number): Buffer =>
    Buffer.concat([Buffer.from(join(w.at(folder), "bad")), Buffer.from([last]), Buffer.from(".png")]);
  writeFileSync(odd("api/stu/out", 0xff), "one");
  writeFileSync(odd("api/stu/out", 0xfe), "two");
  const script =
    'name=$(printf "d%.0s" $(seq 75)); for i in $(seq 60); do mkdir $name; cd ./$name; done; echo x > leaf';
  execFileSync("bash", ["-c", script], { cwd: w.at("api/stu/out") });
  const { files } = await w.studio.files(STU);
  expect(files.map(({ path }) => path)).toContain("out/bad\ufffd.png");
  expect(await w.end({ keep: "all" })).toMatchObject({ state: "done", error: null });
  expect([0xff, 0xfe].map((last) => readFileSync(odd("studio/out", last), "utf8"))).toEqual(["one", "two"]);
  const leaf = execFileSync("find", [w.at("studio"), "-name", "leaf"], { encoding: "utf8", stdio: "pipe" });
  expect(leaf).toContain("/leaf");
});

import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { changeSecrets, readSecrets, secretPaths } from "../../../../src/runtime/base/secret-store.js";
import { InstalledApp } from "../../../../src/runtime/library/installed-store.js";
import { appIdOf } from "../../../../src/runtime/protocol/ids.js";
import { filesIn, openChangesHome, putFiles } from "../../../helpers/changes-home.js";
import { temporaryFolder } from "../../../helpers/temporary-folder.js";

const APP = appIdOf("app");
const installer = { text: "Install", script: "install.js", params: {}, default: false };
const RECORD = InstalledApp.parse({
  ...{ source: "x", state: "installed", installers: [installer] },
  ...{ agreed: "f", scripts: {}, installedAt: "t" },
});
const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], { cwd, stdio: "pipe" });
const read = (path: string): string =>
  lstatSync(path).isSymbolicLink() ? `→ ${readlinkSync(path)}` : readFileSync(path, "utf8");

/** An app that was cloned, with an environment, a checkout of its own, and what a person has made. */
function homeWithApp(options: Parameters<typeof openChangesHome>[1] = {}) {
  const folder = temporaryFolder();
  const origin = join(folder.path, "origin");
  putFiles(origin, { "pinokio.js": "module.exports = {}", "start.js": "1", "config.txt": "default" });
  git(origin, "init", "-q");
  git(origin, "add", ".");
  git(origin, "commit", "-qm", "one");
  const home = join(folder.path, "home");
  const opened = openChangesHome(home, options);
  const app = join(opened.api, "app");
  git(folder.path, "clone", "-q", origin, app);
  git(folder.path, "clone", "-q", origin, join(app, "code"));
  putFiles(app, {
    "config.txt": "mine",
    "out/a.png": "picture",
    "out/deep/b.png": "picture 2",
    "code/out/c.png": "picture 3",
    "env/pyvenv.cfg": "home = x",
    "env/lib/python.py": "1",
    "env/note.txt": "mine too",
    "node_modules/m/index.js": "1",
  });
  putFiles(join(home, "drive"), { "models/m.bin": "model" });
  symlinkSync(join(home, "drive", "models"), join(app, "models"));
  putFiles(join(home, "runs/run_app1"), { "output.log": "said" });
  opened.store.set(APP, RECORD);
  opened.settings.change(APP, { nice: 5 });
  changeSecrets(secretPaths.of(opened.home, APP), SECRET);
  return {
    ...opened,
    app,
    files: () => filesIn(app, read),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const SECRET = { HF_TOKEN: "hf_kept_for_the_app_alone" };
const OWN = { "code/out/c.png": "picture 3", "config.txt": "mine", "env/note.txt": "mine too" };
const PICTURES = { "out/a.png": "picture", "out/deep/b.png": "picture 2" };

test("an app that is uninstalled leaves a person's files where nothing empties them", async () => {
  using w = homeWithApp();
  const preview = await w.changes.preview("uninstall", APP);
  expect(preview.stays.map(({ files }) => files)).toEqual([5]);
  expect(preview.goes.map(({ label }) => label)).toEqual([
    "The app",
    "Environments",
    "Output of its runs",
    "Its secrets and what is kept of its settings",
  ]);
  const { job, entry } = await w.changes.uninstall(APP, { all: false });
  expect(await w.done(job)).toMatchObject({ state: "done", error: null });
  expect(w.stopped).toContain("app");
  expect(existsSync(w.app)).toBe(false);
  expect(existsSync(join(w.home, "runs/run_app1"))).toBe(false);
  expect(w.store.get(APP)).toBe(null);
  expect(w.settings.written(APP)).toEqual({});
  expect(readSecrets(secretPaths.of(w.home, APP))).toEqual({});
  expect(filesIn(join(w.home, "kept/app/files"), read)).toEqual({ ...OWN, ...PICTURES });
  expect(filesIn(join(w.home, "drive"), read)).toEqual({ "models/m.bin": "model" });
  const [kept, gone] = (await w.changes.trash()).sort((one, other) => (one.kind < other.kind ? -1 : 1));
  expect(kept).toMatchObject({
    kind: "kept",
    name: "kept/app",
    files: 5,
    refused: "app is not installed: install it again first",
  });
  expect(gone).toMatchObject({
    kind: "trash",
    name: entry,
    why: "uninstall",
    app: "app",
    what: "api/app",
    refused: null,
  });
});

test("undo puts back the app, its record, its settings and its runs", async () => {
  using w = homeWithApp();
  const before = w.files();
  const { job, entry } = await w.changes.uninstall(APP, { all: false });
  await w.done(job);
  expect(await w.done(w.changes.restore(entry))).toMatchObject({ state: "done", error: null });
  expect(w.files()).toEqual(before);
  expect(w.store.get(APP)).toEqual(RECORD);
  expect(w.settings.written(APP)).toEqual({ nice: 5 });
  expect(readSecrets(secretPaths.of(w.home, APP))).toEqual(SECRET);
  expect(statSync(secretPaths.of(w.home, APP)).mode & 0o777).toBe(0o600);
  expect(existsSync(join(w.home, "runs/run_app1/output.log"))).toBe(true);
  expect(await w.changes.trash()).toEqual([]);
  expect(git(w.app, "status", "--porcelain").toString()).toContain("config.txt");
});

test("where another app of that name is, undo puts it beside it", async () => {
  using w = homeWithApp();
  const { job, entry } = await w.changes.uninstall(APP, { all: true });
  await w.done(job);
  putFiles(w.app, { "pinokio.js": "another" });
  expect(await w.done(w.changes.restore(entry))).toMatchObject({ state: "done" });
  expect(read(join(w.app, "pinokio.js"))).toBe("another");
  expect(read(join(w.api, "app-restored/out/a.png"))).toBe("picture");
  expect(w.told.join()).toContain("was put back as app-restored");
});

test("all of it goes when that is wanted, and comes back with the trash emptied", async () => {
  using w = homeWithApp();
  const { job } = await w.changes.uninstall(APP, { all: true });
  await w.done(job);
  expect(existsSync(join(w.home, "kept"))).toBe(false);
  const emptied = await w.changes.empty({});
  expect(emptied.bytes).toBeGreaterThan(0);
  expect(await w.done(emptied.job)).toMatchObject({ state: "done" });
  expect(await w.changes.trash()).toEqual([]);
  expect(filesIn(join(w.home, "drive"), read)).toEqual({ "models/m.bin": "model" });
});

test("what is kept is not emptied with the rest, and goes back into the app when it is installed again", async () => {
  using w = homeWithApp();
  await w.done((await w.changes.uninstall(APP, { all: false })).job);
  await w.done((await w.changes.empty({})).job);
  expect((await w.changes.trash()).map(({ name }) => name)).toEqual(["kept/app"]);
  putFiles(w.app, { "pinokio.js": "new", "config.txt": "new default" });
  await w.changes.noteInstalled(APP);
  expect(w.told.at(-1)).toMatch(/5 files of an earlier app .* are kept/);
  await w.done(w.changes.restore("kept/app"));
  expect(w.files()).toEqual({ "pinokio.js": "new", ...OWN, ...PICTURES, "config.txt": "new default" });
  expect(filesIn(join(w.home, "kept/app/files"), read)).toEqual({ "config.txt": "mine" });
});

test("of an app that is a link only the link goes", async () => {
  using w = homeWithApp();
  putFiles(join(w.home, "elsewhere"), { "pinokio.js": "1" });
  symlinkSync(join(w.home, "elsewhere"), join(w.api, "linked"));
  await w.done((await w.changes.uninstall(appIdOf("linked"), { all: true })).job);
  await w.done((await w.changes.empty({})).job);
  expect(existsSync(join(w.api, "linked"))).toBe(false);
  expect(existsSync(join(w.home, "elsewhere/pinokio.js"))).toBe(true);
});

test("a reset app is as it was fetched, with what a person made; undo brings back all of it", async () => {
  using w = homeWithApp();
  const before = w.files();
  const { job, entry } = await w.changes.reset(APP, { all: false, install: false });
  expect(await w.done(job)).toMatchObject({ state: "done", error: null });
  const fetched = { "pinokio.js": "module.exports = {}", "start.js": "1", "config.txt": "default" };
  expect(w.files()).toEqual({ ...fetched, ...PICTURES });
  expect(git(w.app, "status", "--porcelain").toString()).toBe("?? out/\n");
  expect(filesIn(join(w.home, "kept/app/files"), read)).toEqual(OWN);
  putFiles(w.app, { "out/later.png": "later" });

  expect(await w.done(w.changes.restore(entry))).toMatchObject({ state: "done", error: null });
  expect(w.files()).toEqual({ ...before, "out/later.png": "later" });
  expect(existsSync(join(w.home, "kept/app"))).toBe(false);
  expect((await w.changes.trash()).map(({ why }) => why)).toEqual(["restore"]);
});

test("what waits for the install script is put back once that has run", async () => {
  using w = homeWithApp({
    install: (app) => {
      putFiles(join(w.api, app), { "code/x.py": "fetched", "code/out/c.png": "made by it" });
      return Promise.resolve();
    },
  });
  await w.done((await w.changes.reset(APP, { all: false, install: true })).job);
  expect(w.files()).toMatchObject({
    "code/x.py": "fetched",
    "code/out/c.png": "made by it",
    "env/note.txt": "mine too",
  });
  expect(filesIn(join(w.home, "kept/app/files"), read)).toEqual({
    "code/out/c.png": "picture 3",
    "config.txt": "mine",
  });
  expect(w.told.at(-1)).toContain("2 files of yours are in");
});

test("where what is written down of apps is a newer one's, nothing is moved", async () => {
  using w = homeWithApp();
  const file = join(w.home, "library", "installed.json");
  const written = readFileSync(file, "utf8").replace('"version": 2', '"version": 99');
  writeFileSync(file, written);
  const refused = { code: "state-unreadable", message: expect.stringContaining("version is 99") };
  await expect(w.changes.uninstall(APP, { all: false })).rejects.toMatchObject(refused);
  await expect(w.changes.reset(APP, { all: false, install: false })).rejects.toMatchObject(refused);
  expect(existsSync(join(w.app, "pinokio.js"))).toBe(true);
  expect(readFileSync(file, "utf8")).toBe(written);
  expect(await w.changes.trash()).toEqual([]);
});

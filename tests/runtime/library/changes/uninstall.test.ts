import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { readSecrets, secretPaths } from "../../../../src/runtime/base/secret-store.js";
import { EnvironmentFiles } from "../../../../src/runtime/environments/environment-files.js";
import { noteEnvironmentUser } from "../../../../src/runtime/environments/environment-users.js";
import { beginJournal } from "../../../../src/runtime/library/changes/journal.js";
import { appIdOf } from "../../../../src/runtime/protocol/ids.js";
import { keepToken } from "../../../../src/runtime/sidecar/git-tokens.js";
import { filesIn, putFiles } from "../../../helpers/changes-home.js";
import { APP, git, homeWithApp, OWN, PICTURES, read, RECORD, SECRET } from "../../../helpers/used-app.js";

test("an app that others need is not uninstalled until somebody says so", async () => {
  using w = homeWithApp();
  await expect(w.changes.uninstall(APP, { all: false, unlessNeeded: true })).rejects.toMatchObject({
    ...{ code: "app-busy", message: expect.stringMatching(/ is needed by tools\/agent$/) as unknown },
  });
  const [needed, needer] = [appIdOf("needed"), appIdOf("needer")];
  await expect(w.changes.requireUnneeded([needed])).rejects.toMatchObject({ message: "needed is needed by needer" });
  await w.changes.requireUnneeded([needed, needer]); // both go
  await expect(w.changes.requireUnneeded([needed, needer, APP])).rejects.toMatchObject({ code: "app-busy" });
  expect(existsSync(w.app)).toBe(true);
  expect(w.stopped).toEqual([]);
});

test("an app that is uninstalled leaves a person's files where nothing empties them", async () => {
  using w = homeWithApp();
  const preview = await w.changes.preview("uninstall", APP);
  expect(preview.stays.map(({ files }) => files)).toEqual([5]);
  expect(preview.neededBy).toEqual(["tools/agent"]);
  expect((await w.changes.preview("reset", APP)).neededBy).toEqual([]);
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

test("settings that were made for an app and never changed are not a person's", async () => {
  using w = homeWithApp();
  rmSync(join(w.app, "ENVIRONMENT"), { force: true });
  const keeps = async () => (await w.changes.preview("uninstall", APP)).stays[0]?.files;
  const before = await keeps();
  new EnvironmentFiles(w.home, w.app).create();
  expect(existsSync(join(w.app, "ENVIRONMENT"))).toBe(true);
  expect(await keeps()).toBe(before);
  new EnvironmentFiles(w.home, w.app).set({ GRADIO_TEMP_DIR: "./mine" });
  expect(await keeps()).toBe((before ?? 0) + 1);
});

test("the token of a host is named before the last app from there goes, and after it", async () => {
  using w = homeWithApp();
  const from = (name: string): string => `[remote "origin"]\n\turl = https://git.example.test/${name}.git\n`;
  const other = join(w.api, "other");
  git(w.app, "remote", "set-url", "origin", "https://git.example.test/app.git");
  const tokenIn = async () => (await w.changes.preview("uninstall", APP)).token;
  expect(await tokenIn()).toBe(null); // none was ever given

  const name = "GIT_TOKEN_GIT_EXAMPLE_TEST";
  keepToken(w.home, "git.example.test", "secret");
  putFiles(other, { ".git/config": from("other") });
  expect(await tokenIn()).toBe(null);
  putFiles(other, { ".git/config": from("other").replace("git.", "elsewhere.") });
  expect(await tokenIn()).toEqual({ name, host: "git.example.test" });
  expect((await w.changes.preview("reset", APP)).token).toBe(null);
  const { job } = await w.changes.uninstall(APP, { all: false });
  expect((await w.done(job)).said).toEqual([
    `${name}, the token for git.example.test, stays, and no other app is from there. Forget it with: pinokiocloud config secrets --forget ${name}`,
  ]);
  expect(readSecrets(secretPaths.shared(w.home))).toEqual({ [name]: "secret" });
});

/** Environments and caches outside of the app: its own, one that another app uses too, one with a file of a person. */
function putOutside(home: string): void {
  putFiles(home, {
    "envs/own/pyvenv.cfg": "home = x",
    "envs/own/lib/x.py": "1",
    "envs/both/pyvenv.cfg": "home = x",
    "envs/noted/pyvenv.cfg": "home = x",
    "envs/noted/note.txt": "mine",
    "cache/lfs/app/0123": "large",
    "cache/lfs/other/4567": "large",
    "cache/PIP_CACHE_DIR/x": "x",
    "api/other/pinokio.js": "1",
  });
  putFiles(join(home, "drive"), { "env/pyvenv.cfg": "home = x" });
  symlinkSync(join(home, "drive/env"), join(home, "envs/linked"));
  for (const name of ["own", "both", "noted", "linked"]) noteEnvironmentUser(home, `envs/${name}`, APP);
  noteEnvironmentUser(home, "envs/both", appIdOf("other"));
}

const outside = (home: string) => ({ ...filesIn(join(home, "envs"), read), ...filesIn(join(home, "cache"), read) });

test("what only the app used goes with it, as the preview says, and comes back with it", async () => {
  using w = homeWithApp();
  putOutside(w.home);
  const before = outside(w.home);
  const preview = await w.changes.preview("uninstall", APP);
  expect(preview.goes.slice(-2)).toMatchObject([
    { label: "Environments that only it uses", files: 2, examples: [expect.stringMatching(/^envs\/own \(/)] },
    { label: "Caches that only it uses", files: 1 },
  ]);
  expect(preview.notes).toContain("envs/noted stays, though only this app uses it: files of yours are in it");
  expect(preview.bytes).toBe(preview.goes.reduce((sum, { bytes }) => sum + bytes, 0));
  expect((await w.changes.preview("reset", APP)).goes.map(({ label }) => label)).toEqual(["The app", "Environments"]);
  const { job, entry } = await w.changes.uninstall(APP, { all: true });
  expect(await w.done(job)).toMatchObject({ state: "done", error: null });
  const { "own/pyvenv.cfg": _, "own/lib/x.py": __, "lfs/app/0123": ___, ...rest } = before;
  expect(outside(w.home)).toEqual(rest);
  expect(filesIn(join(w.home, "drive"), read)).toEqual({ "models/m.bin": "model", "env/pyvenv.cfg": "home = x" });
  expect(existsSync(join(w.home, "trash", entry, "files/envs/own/lib/x.py"))).toBe(true);
  expect(await w.done(w.changes.restore(entry))).toMatchObject({ state: "done", error: null });
  expect(outside(w.home)).toEqual(before);
  expect(await w.changes.trash()).toEqual([]);
});

test("an environment in whose place another one is by then stays in the trash as it was", async () => {
  using w = homeWithApp();
  putOutside(w.home);
  const { job, entry } = await w.changes.uninstall(APP, { all: false });
  await w.done(job);
  putFiles(w.home, { "envs/own/pyvenv.cfg": "home = y" });
  expect(await w.done(w.changes.restore(entry))).toMatchObject({ state: "done", error: null });
  expect(existsSync(w.app)).toBe(true);
  expect(outside(w.home)).toMatchObject({ "own/pyvenv.cfg": "home = y", "lfs/app/0123": "large" });
  expect(existsSync(join(w.home, "envs/own/lib"))).toBe(false);
  expect(existsSync(join(w.home, "trash", entry, "files/envs/own/lib/x.py"))).toBe(true);
  expect(w.told.at(-1)).toContain("envs/own");
  await w.done(w.changes.restore(entry));
  expect(w.store.all().map(([app]) => app)).toEqual(["app"]);
});

test("a copy to another disk that was cut off is not taken for a file of the home", async () => {
  using w = homeWithApp();
  putOutside(w.home);
  const before = w.files();
  const entry = "2026-01-01T00-00-00-000Z-abcdef";
  putFiles(join(w.home, "trash", entry, "files"), { "api/app.arriving/out/a.png": "pic", "envs/own.arriving/x": "" });
  const data = { title: "app", record: w.store.get(APP), settings: null, own: [], kept: null, freed: ["envs/own"] };
  const page = { kind: "uninstall", app: APP, entry, at: "t", step: "move", data: z.json().parse(data) } as const;
  beginJournal(w.home, page);
  await w.changes.settle();
  expect(w.files()).toEqual(before);
  expect(readdirSync(w.api).sort()).toEqual(["app", "other"]);
  expect(readdirSync(join(w.home, "envs")).sort()).toEqual(["both", "linked", "noted", "own"]);
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
  const [restored] = w.jobs.all.slice(-1);
  expect(restored).toMatchObject({
    title: "Put app back as app-restored",
    said: [expect.stringMatching(/app is called app/)],
  });
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
  expect(w.told.at(-1)).toMatch(/^5 files of an earlier app .* are kept.*`pinokiocloud trash restore kept\/app`/);
  await w.done(w.changes.restore("kept/app"));
  expect(w.files()).toEqual({ "pinokio.js": "new", ...OWN, ...PICTURES, "config.txt": "new default" });
  expect(filesIn(join(w.home, "kept/app/files"), read)).toEqual({ "config.txt": "mine" });
});

test("what is kept of several earlier apps is offered once, and no more when it is gone", async () => {
  using w = homeWithApp();
  await w.done((await w.changes.uninstall(APP, { all: false })).job);
  putFiles(w.app, { "pinokio.js": "new", "mine.txt": "mine too" });
  await w.done((await w.changes.uninstall(APP, { all: false })).job);
  putFiles(w.app, { "pinokio.js": "newer" });
  const before = w.told.length;
  await w.changes.noteInstalled(APP);
  expect(w.told.slice(before)).toEqual([
    expect.stringMatching(/^7 files of an earlier app .*`pinokiocloud trash list`/),
  ]);
  const kept = (await w.changes.trash()).filter(({ kind }) => kind === "kept").map(({ name }) => name);
  expect(kept).toEqual(expect.arrayContaining(["kept/app", "kept/app 2"]));
  await w.done((await w.changes.empty({ entries: ["kept/app"] })).job);
  expect(w.told.at(-1)).toMatch(/^2 files of an earlier app .*`pinokiocloud trash restore 'kept\/app 2'`/);
  await w.done((await w.changes.empty({ entries: ["kept/app 2"] })).job);
  expect(w.told.at(-1)).toBe("nothing of app");
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

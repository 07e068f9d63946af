import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { putFiles } from "../../../helpers/changes-home.js";
import { APP, homeWithApp } from "../../../helpers/used-app.js";

test("where files wait for an install script is told as long as they do", async () => {
  using w = homeWithApp({
    install: (app) => {
      putFiles(join(w.api, app), { "code/x.py": "fetched" });
      return Promise.resolve();
    },
  });
  writeFileSync(join(w.app, "config.txt"), "default"); // what is changed of a fetched file would have to wait for longer
  const { job, entry } = await w.changes.reset(APP, { all: false, install: false });
  await w.done(job);
  const saidOf = async (name: string) => (await w.changes.trash()).find((one) => one.name === name)?.said;
  const kept = join(w.home, "kept/app/files");
  expect(await saidOf(entry)).toEqual([`Your files of app are in ${kept} until its install script has run`]);
  const again = await w.changes.reset(APP, { all: false, install: true });
  await w.done(again.job);
  expect(await saidOf(entry)).toEqual([]);
  expect(await saidOf(again.entry)).toEqual([]);
});

test("where a person's files will be kept is told before, also where others of the app are kept already", async () => {
  using w = homeWithApp();
  putFiles(join(w.home, "kept/app"), { "files/earlier.png": "earlier" });
  const { notes } = await w.changes.preview("uninstall", APP);
  const kept = join(w.home, "kept/app 2/files");
  expect(notes).toEqual([`Your files go to ${kept}`]);
  await w.done((await w.changes.uninstall(APP, { all: false })).job);
  expect(existsSync(join(kept, "out/a.png"))).toBe(true);
});

test("what is announced is what comes back, also where entries hold the same files", async () => {
  using w = homeWithApp();
  putFiles(w.app, { ".git/objects/pack/large": "x".repeat(50_000) }); // as what git has fetched: a reset gives it another name
  for (let times = 0; times < 2; times++)
    await w.done((await w.changes.reset(APP, { all: false, install: false })).job);
  const preview = await w.changes.preview("uninstall", APP);
  const { job, entry } = await w.changes.uninstall(APP, { all: false });
  await w.done(job);
  const entries = await w.changes.trash();
  const gone = entries.find(({ name }) => name === entry);
  expect(gone).toMatchObject({ bytes: preview.bytes, sharedBytes: preview.sharedBytes });
  const apart = entries.filter(({ kind }) => kind === "trash").reduce((sum, { bytes }) => sum + bytes, 0);
  const together = await w.changes.trashSize({});
  expect(together).toBeGreaterThan(apart);
  const emptied = await w.changes.empty({});
  expect(emptied.bytes).toBe(together);
  const { progress, title } = await w.done(emptied.job);
  expect(progress).toMatchObject({ done: together, total: together });
  expect(title).toMatch(/^Emptied the trash: .* free again$/);
});

test("an entry whose record is spoilt says where its files are, and goes only when it is named", async () => {
  using w = homeWithApp();
  const { job, entry } = await w.changes.uninstall(APP, { all: true });
  await w.done(job);
  const folder = join(w.home, "trash", entry);
  writeFileSync(join(folder, "trash.json"), "{");
  expect((await w.changes.trash())[0]?.refused).toMatch(`its files are in ${folder}`);
  expect(() => w.changes.restore(entry)).toThrow(/^Its trash.json cannot be read/);
  expect((await w.changes.empty({})).bytes).toBe(0);
  expect(existsSync(folder)).toBe(true);
  await w.done((await w.changes.empty({ entries: [entry] })).job);
  expect(existsSync(folder)).toBe(false);
});

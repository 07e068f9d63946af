import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { keepReserve } from "../../../../src/runtime/base/reserve.js";
import { beginJournal } from "../../../../src/runtime/library/changes/journal.js";
import { UpdateData } from "../../../../src/runtime/library/changes/update-data.js";
import { openChangesHome, putFiles } from "../../../helpers/changes-home.js";
import { git, homeWithClone } from "../../../helpers/cloned-app.js";
import { fill, freeIn, mayMount, smallDisk } from "../../../helpers/small-disk.js";
import { APP, homeWithApp } from "../../../helpers/used-app.js";

const onDisk = mayMount ? test : test.skip;

/** An app that has filled the disk which it lies on. */
function homeOfFull() {
  const disk = smallDisk("24m");
  const w = homeWithApp({}, disk);
  keepReserve(w.home);
  fill(w.app);
  expect(freeIn(w.home)).toBe(0);
  return w;
}

onDisk(
  "an app that has filled the disk goes to the trash, and the trash is emptied",
  async () => {
    using w = homeOfFull();
    const { job, entry } = await w.changes.uninstall(APP, { all: true });
    const over = await w.done(job);
    expect(over).toMatchObject({ state: "done", error: null });
    expect(over.said).toEqual([expect.stringContaining(`trash empty ${entry}`)]);
    expect(existsSync(w.app)).toBe(false);
    expect(w.store.get(APP)).toBe(null);
    expect(await w.done((await w.changes.empty({ entries: [entry] })).job)).toMatchObject({
      state: "done",
      error: null,
    });
    expect(freeIn(w.home)).toBeGreaterThan(10 * 1024 ** 2);
  },
  30_000,
);

onDisk(
  "one that has filled the disk is reset, and had back",
  async () => {
    using w = homeOfFull();
    const before = w.files();
    const { job, entry } = await w.changes.reset(APP, { all: false, install: false });
    expect(await w.done(job)).toMatchObject({ state: "done", error: null });
    expect(existsSync(join(w.app, "env/lib"))).toBe(false);
    expect(await w.done(w.changes.restore(entry))).toMatchObject({ state: "done", error: null });
    expect(w.files()).toEqual(before);
  },
  30_000,
);

/** An app whose new version does not fit on the disk; with a file that a person has edited, and one of theirs. */
async function homeOfLarge() {
  const w = await homeWithClone({}, smallDisk("16m"));
  w.commit({ "large.bin": "b".repeat(1_000_000) }, "two");
  git(w.app, "pull", "-q");
  const large = randomBytes(1_000_000).toString("hex");
  w.commit({ "large.bin": "c".repeat(1_000_000), "deep/down/large.txt": large, "z.txt": "z" }, "three");
  putFiles(w.app, { "mine.txt": "mine", "config.txt": "mine\nb\nc\nd\ne\n" });
  await w.look();
  return { ...w, large, before: w.files(), status: () => git(w.app, "status", "--porcelain").split("\n").sort() };
}

onDisk(
  "an update for which there is no room leaves nothing of itself, and says so",
  async () => {
    using w = await homeOfLarge();
    const status = w.status();
    fill(w.app, 1536 * 1024);
    expect((await w.update()).job.error?.message).toMatch(/^There is no space left .*: all is as it was before$/);
    expect(w.files()).toEqual({ ...w.before, ballast: expect.any(String) });
    expect(w.status()).toEqual([...status, "?? ballast"].sort());
    expect(() => git(w.app, "cat-file", "-e", git(w.origin, "rev-parse", "HEAD"))).toThrow(); // its room is given back
    expect(existsSync(join(w.home, "kept"))).toBe(false);
    expect(await w.changes.trash()).toEqual([]);
    expect(readdirSync(join(w.home, "library/changes"))).toEqual([]);
    rmSync(join(w.app, "ballast"));
    expect((await w.update()).job).toMatchObject({ state: "done", error: null });
  },
  30_000,
);

onDisk(
  "what one that was killed has left on a full disk goes at the next start; what came since stays",
  async () => {
    using w = await homeOfLarge();
    const undo = { from: w.head(), to: git(w.origin, "rev-parse", "HEAD"), record: w.store.get(w.id) };
    const standing = await w.repositories.standing(w.app, undo.to);
    const data = UpdateData.parse({
      ...{ title: "app", runId: null, standing },
      undo: { ...undo, checkouts: {}, packages: {} },
    });
    const at = new Date().toISOString();
    beginJournal(w.home, { kind: "update", app: w.id, entry: "entry", at, step: "move", data });
    writeFileSync(join(w.app, "large.bin"), "c".repeat(300_000));
    putFiles(w.app, { "deep/down/large.txt": w.large.slice(0, 900_000), "z.txt": "a person's since" });
    fill(w.home);
    const next = openChangesHome(w.home);
    await next.changes.settle();
    expect(next.told).toEqual([
      "Updating app was cut off: all is as it was before, but for z.txt: the update had begun to write there",
    ]);
    expect(w.files()).toEqual({ ...w.before, "z.txt": "a person's since" });
    expect(existsSync(join(w.app, "deep"))).toBe(false);
  },
  30_000,
);

test.each([1, 200])(
  "what an update of %d files has fetched and found no room for gives its room back",
  async (count) => {
    using w = await homeWithClone();
    const objects = (): string[] =>
      readdirSync(join(w.app, ".git/objects"), { recursive: true, encoding: "utf8" }).sort();
    const files = (): string[] => objects().filter((path) => path.length > "pack".length);
    const before = files();
    const large = Array.from({ length: count }, (_, index) => [`${index}.bin`, randomBytes(1_000).toString("hex")]);
    w.commit(Object.fromEntries(large), "two");
    await w.look();
    expect(files().length).toBeGreaterThan(before.length);
    writeFileSync(join(w.app, ".git/objects/pack/tmp_pack_left"), "half");
    const { repositories } = w.world;
    const { moveTo } = repositories;
    const full = (): never => {
      throw Object.assign(new Error("full"), { code: "ENOSPC" });
    };
    Object.assign(repositories, { moveTo: full });
    expect((await w.update()).job.state).toBe("failed");
    expect(files()).toEqual(before);
    expect(git(w.app, "fsck", "--full", "--strict")).toBe("");
    Object.assign(repositories, { moveTo });
    expect((await w.look()).parts[0]).toMatchObject({ count: 1, isRewritten: false });
    expect((await w.update()).job.error).toBe(null);
    expect(existsSync(join(w.app, "0.bin"))).toBe(true);
  },
  30_000,
);

test("an update that cannot be taken back says so, and the next change of the app goes back first", async () => {
  using w = await homeWithClone();
  w.commit({ "new.txt": "new" }, "two");
  await w.look();
  const before = w.files();
  const { repositories } = w.world;
  const failing = (): never => {
    throw new Error("no room");
  };
  const { moveTo, dropUnfinished } = repositories;
  Object.assign(repositories, { moveTo: failing, dropUnfinished: failing });
  expect((await w.update()).job.error).toMatchObject({
    message: "no room, and it could not be taken back whole: no room",
    hint: expect.stringContaining("goes back first"),
  });
  Object.assign(repositories, { moveTo, dropUnfinished });
  expect(w.files()).toEqual(before);
  expect((await w.update()).job.error).toBe(null);
  expect(w.told[0]).toBe("Updating app was cut off: all is as it was before");
  expect(w.files()).toEqual({ ...before, "new.txt": "new" });
}, 30_000);

onDisk(
  "without a reserve nothing is removed, and what helps is said",
  async () => {
    using disk = smallDisk("12m");
    const w = homeWithApp({}, disk);
    fill(w.app);
    const before = w.files();
    const { job } = await w.changes.uninstall(APP, { all: true });
    const hint = expect.stringMatching(/^Empty the trash, or remove files by hand/);
    expect((await w.done(job)).error).toMatchObject({ code: "out-of-space", hint });
    expect(w.files()).toEqual(before);
  },
  30_000,
);

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readScripts } from "../../../../src/runtime/library/fingerprint.js";
import { appIdOf } from "../../../../src/runtime/protocol/ids.js";
import { machinePrograms } from "../../../../src/runtime/base/machine-programs.js";
import { newRunId } from "../../../../src/runtime/base/run-id.js";
import { filesIn, openChangesHome, putFiles } from "../../../helpers/changes-home.js";
import { FETCHED_FILES, git, homeWithClone } from "../../../helpers/cloned-app.js";

const APP = appIdOf("app");
const read = (path: string): string => readFileSync(path, "utf8");

test("a look says what is new, who made it and when; nothing is changed by it", async () => {
  using w = await homeWithClone();
  expect(await w.look()).toMatchObject({ isAvailable: false, refused: null });
  w.commit({ "notes.txt": "theirs\n" }, "Better notes");
  const before = w.head();
  const look = await w.look();
  expect(look).toMatchObject({ isAvailable: true, edited: [], scripts: [], fingerprint: null });
  expect(look.parts[0]).toMatchObject({ branch: "main", count: 1, files: ["notes.txt"], isRewritten: false });
  expect(look.parts[0]?.commits[0]).toMatchObject({ author: "t", subject: "Better notes" });
  expect(w.head()).toBe(before);
});

test("an update brings what is new, keeps a person's edits, and can be taken back", async () => {
  using w = await homeWithClone();
  putFiles(w.app, { "config.txt": "A\nb\nc\nd\ne\n", "notes.txt": "mine\n", "out/a.png": "picture" });
  const before = w.files();
  const head = w.head();
  w.commit({ "config.txt": "a\nb\nc\nd\nE\n", "notes.txt": "theirs\n", "new.txt": "new" }, "two");
  expect((await w.look()).edited).toEqual(["config.txt", "notes.txt"]);
  const { job, entry } = await w.update();
  expect(job).toMatchObject({ state: "done", error: null });
  expect(w.files()).toEqual({
    ...FETCHED_FILES,
    "config.txt": "A\nb\nc\nd\nE\n",
    "notes.txt": "theirs\n",
    "new.txt": "new",
    "out/a.png": "picture",
  });
  const [kept, gone] = await w.changes.trash();
  expect(kept).toMatchObject({ kind: "kept", name: "kept/app", what: "notes.txt" });
  expect(gone?.said).toContain(`Your version of notes.txt is in ${join(w.home, "kept/app/files/notes.txt")}`);
  expect(await w.done(w.changes.restore(entry))).toMatchObject({ state: "done", error: null });
  expect(w.head()).toBe(head);
  expect(w.files()).toEqual(before);
  expect(await w.changes.trash()).toEqual([]);
});

test("what runs is stopped for an update, which says so before and after, also where it goes back", async () => {
  let fails = false;
  using w = await homeWithClone({
    updateScript: () => (fails ? Promise.reject(new Error("no such wheel")) : Promise.resolve()),
  });
  const run = newRunId(Date.now());
  w.running.push(run);
  expect((await w.look()).stops).toEqual([]); // there is nothing new
  w.commit({ "update.js": "1" }, "two");
  expect((await w.look()).stops).toEqual([run]);
  const text = "app was stopped; start it with: pinokiocloud run app";
  const { fingerprint } = await w.look();
  const { job } = await w.update(fingerprint);
  expect(job).toMatchObject({ state: "done", said: [text] });
  expect(w.running).toEqual([]);
  w.commit({ "new.txt": "2" }, "three");
  expect((await w.update()).job.said).toBeUndefined();
  fails = true;
  w.running.push(run);
  w.commit({ "new.txt": "3" }, "four");
  expect((await w.update()).job.error?.message).toMatch(
    new RegExp(`^no such wheel: all is as it was before.*${text}$`),
  );
});

test("scripts that a person agreed to with the update are agreed to", async () => {
  using w = await homeWithClone();
  w.commit({ "start.js": "2" }, "two");
  const { fingerprint } = await w.look();
  expect(fingerprint).not.toBe(null);
  expect((await w.update(fingerprint)).job.state).toBe("done");
  expect(w.store.get(APP)?.scripts).toEqual((await readScripts(w.app)).files);
});

test("a branch that its author has replaced is followed, and commits of one's own stay on a branch", async () => {
  using w = await homeWithClone();
  git(w.origin, "commit", "-q", "--amend", "-m", "one, again");
  w.commit({ "new.txt": "new" }, "two");
  expect((await w.look()).parts[0]).toMatchObject({ isRewritten: true });
  expect((await w.update()).job.state).toBe("done");
  expect(w.head()).toBe(git(w.origin, "rev-parse", "HEAD"));

  putFiles(w.app, { "mine.txt": "mine" });
  git(w.app, "add", ".");
  git(w.app, "commit", "-qm", "mine");
  const mine = w.head();
  w.commit({ "new.txt": "newer" }, "three");
  expect((await w.look()).notes).toEqual([
    "A commit that only this copy has goes to a branch of its own, where nothing removes it",
  ]);
  expect((await w.update()).job.state).toBe("done");
  expect(w.head()).toBe(git(w.origin, "rev-parse", "HEAD"));
  expect(git(w.app, "branch", "--contains", mine)).toContain("before-update-");
  // A reset keeps the branches, and what they hold is no file of a person's.
  expect(await w.changes.preview("reset", w.id)).toMatchObject({ stays: [] });
  expect((await w.changes.preview("uninstall", w.id)).stays).toMatchObject([{ label: "Your files" }]);
});

test.each([
  ["it stands at a commit", (app: string) => git(app, "checkout", "-q", "--detach"), /commit of its own/],
  ["its repository is gone", (_: string, origin: string) => rmSync(origin, { recursive: true }), /no git repository/],
  ["it is no repository", (app: string) => rmSync(join(app, ".git"), { recursive: true }), /nothing to fetch/],
])("when %s, that is said and nothing happens", async (_, change, sentence) => {
  using w = await homeWithClone();
  w.commit({ "new.txt": "new" }, "two");
  change(w.app, w.origin);
  expect((await w.look()).refused).toMatch(sentence);
  expect((await w.update()).job.error?.message).toMatch(sentence);
  expect(w.files()).toEqual(FETCHED_FILES);
});

test("files that are new there and here alike do not lose the person's", async () => {
  using w = await homeWithClone();
  putFiles(w.app, { "new.txt": "mine" });
  w.commit({ "new.txt": "theirs" }, "two");
  const { entry } = await w.update();
  expect(read(join(w.app, "new.txt"))).toBe("theirs");
  expect(read(join(w.home, "kept/app/files/new.txt"))).toBe("mine");
  writeFileSync(join(w.app, "new.txt"), "later");
  await w.done(w.changes.restore(entry));
  expect(existsSync(join(w.app, "new.txt"))).toBe(true);
  const all = Object.values({ ...w.files(), ...filesIn(join(w.home, "kept"), read) });
  expect(all).toEqual(expect.arrayContaining(["mine", "later"]));
});

test("what is a person's where the new version has something of another kind, or that git ignores, is kept", async () => {
  using w = await homeWithClone();
  w.commit({ "d/x.txt": "x", ".gitignore": "models\ncache.dat\n" }, "two");
  await w.update();
  const before = w.files();
  const mine = { "d/mine": "mine", "d/deep/er": "deep", "models/a.bin": "model", "cache.dat": "{}", e: "file" };
  putFiles(w.app, mine);
  rmSync(join(w.origin, "d"), { recursive: true });
  w.commit({ d: "a file", "e/y.txt": "y" }, "three");
  for (const [path, text] of Object.entries({ models: "a file", "cache.dat": "theirs" })) {
    writeFileSync(join(w.origin, path), text);
    git(w.origin, "add", "-f", path);
  }
  git(w.origin, "commit", "-qm", "four");
  expect((await w.look()).edited.sort()).toEqual(["cache.dat", "d/deep/", "d/mine", "e", "models/a.bin"]);
  const { job, entry } = await w.update();
  expect(job).toMatchObject({ state: "done", error: null });
  expect(w.files()).toMatchObject({ d: "a file", "e/y.txt": "y", models: "a file", "cache.dat": "theirs" });
  expect(filesIn(join(w.home, "kept/app/files"), read)).toEqual(mine);
  expect((await w.done(w.changes.restore(entry))).error).toBe(null);
  expect(w.files()).toEqual({ ...before, ...mine });
});

test("a person's own version stays when the trash is emptied, and where a later update has its own", async () => {
  using w = await homeWithClone();
  putFiles(w.app, { "notes.txt": "mine\n", "config.txt": "A\nb\nc\nd\ne\n" });
  w.commit({ "notes.txt": "theirs\n", "config.txt": "a\nb\nc\nd\nE\n" }, "two");
  const first = await w.update();
  putFiles(w.app, { "notes.txt": "mine again\n" });
  w.commit({ "notes.txt": "theirs again\n" }, "three");
  expect((await w.update()).job.state).toBe("done");
  const own = join(w.home, "kept");
  expect(read(join(own, "app/files/notes.txt"))).toBe("mine\n");
  expect(read(join(own, "app 2/files/notes.txt"))).toBe("mine again\n");
  // Of the first update only files as they were before they were merged are left: nothing says that it can be undone.
  expect((await w.changes.trash()).find(({ name }) => name === first.entry)?.said.join()).not.toContain("→");
  expect(await w.done(w.changes.restore(first.entry))).toMatchObject({ state: "done", error: null });
  expect(w.files()).toMatchObject({ "config.txt": "A\nb\nc\nd\nE\n", "config (restored).txt": "A\nb\nc\nd\ne\n" });
  await w.done((await w.changes.empty({})).job);
  expect(Object.values(filesIn(own, read))).toEqual(expect.arrayContaining(["mine\n", "mine again\n"]));
});

test("files that its owner has edited and committed in a part are told before, and a part that stays behind after", async () => {
  using w = await homeWithClone({ updateScript: () => Promise.resolve() });
  w.commit({ "update.js": "1" }, "two");
  await w.update((await w.look()).fingerprint);
  git(w.app, "clone", "-q", `file://${w.origin}`, "part");
  const part = join(w.app, "part");
  putFiles(part, { "mine.txt": "mine" });
  git(part, "add", ".");
  git(part, "commit", "-qm", "mine");
  putFiles(part, { "notes.txt": "my notes", "pinokio.js": "my own", "beside.txt": "new" });
  w.commit({ "notes.txt": "theirs\n" }, "three");
  const look = await w.look();
  expect(look.edited).toEqual(["part/notes.txt"]);
  expect(look.parts[1]).toMatchObject({ folder: "part", count: 1, files: ["notes.txt"], fileCount: 1 });
  expect(look.notes).toEqual([
    "part has a commit that is not where it came from: update.js may not bring it forward",
    "You have changed in part: pinokio.js. What becomes of that is up to update.js",
  ]);
  const at = git(part, "rev-parse", "HEAD").slice(0, 7);
  const { job, entry } = await w.update();
  const sentence = `part is still at ${at}: update.js did not bring it forward`;
  expect(job).toMatchObject({ state: "done", said: [sentence] });
  expect((await w.changes.trash()).find(({ name }) => name === entry)?.said).toContain(sentence);
});

test("scripts that their owner has edited are to be agreed to before an update script runs, and nothing is moved", async () => {
  const ran: string[] = [];
  using w = await homeWithClone({ updateScript: (app) => Promise.resolve(void ran.push(app)) });
  w.commit({ "update.js": "1", "new.txt": "new" }, "two");
  await w.update((await w.look()).fingerprint);
  putFiles(w.app, { "start.js": "edited", "own.js": "own" });
  w.commit({ "new.txt": "newer" }, "three");
  const head = w.head();
  const look = await w.look();
  expect(look.scripts.map(({ path }) => path).sort()).toEqual(["own.js", "start.js"]);
  expect((await w.update()).job).toMatchObject({ state: "failed", error: { code: "agreement-needed" } });
  expect([w.head(), ran]).toEqual([head, [w.id]]);
  expect((await w.update(look.fingerprint)).job).toMatchObject({ state: "done" });
  expect(w.files()).toMatchObject({ "start.js": "edited", "own.js": "own", "new.txt": "newer" });
  expect(w.store.get(APP)?.agreed).toBe(look.fingerprint);
});

test("edited scripts are nobody's matter where none of them runs with the update", async () => {
  using w = await homeWithClone();
  putFiles(w.app, { "start.js": "edited" });
  w.commit({ "new.txt": "new" }, "two");
  expect(await w.look()).toMatchObject({ scripts: [], fingerprint: null });
  expect((await w.update()).job.state).toBe("done");
});

test("where there is no git that is said, and nothing of the app is called broken", async () => {
  using w = await homeWithClone();
  w.commit({ "new.txt": "new" }, "two");
  const other = openChangesHome(w.home, {
    env: { PATH: "/nonexistent" },
    programs: { ...machinePrograms({}), find: () => null },
  });
  const { signal } = new AbortController();
  await expect(other.changes.look(APP, signal)).rejects.toMatchObject({ code: "tool-missing" });
  const { job } = await other.changes.update(APP, { agreed: null });
  expect((await other.done(job)).error).toMatchObject({ code: "tool-missing" });
  const reset = await other.changes.reset(APP, { all: false, install: false });
  expect((await other.done(reset.job)).error).toMatchObject({
    code: "tool-missing",
    message: "The program git was not found",
  });
  expect(await other.changes.trash()).toEqual([]);
  expect(w.files()).toEqual(FETCHED_FILES);
});

test("a repository that cannot be read is told from one that stands at a commit of its own", async () => {
  using w = await homeWithClone();
  rmSync(join(w.app, ".git/HEAD"));
  expect((await w.look()).refused).toMatch(/cannot be read/);
});

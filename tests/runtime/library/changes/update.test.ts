import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readScripts } from "../../../../src/runtime/library/fingerprint.js";
import { InstalledApp } from "../../../../src/runtime/library/installed-store.js";
import { appIdOf } from "../../../../src/runtime/protocol/ids.js";
import { filesIn, openChangesHome, putFiles } from "../../../helpers/changes-home.js";
import { temporaryFolder } from "../../../helpers/temporary-folder.js";

const APP = appIdOf("app");
const git = (cwd: string, ...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
    cwd,
    stdio: "pipe",
    encoding: "utf8",
  }).trim();
const read = (path: string): string => readFileSync(path, "utf8");
const FILES = { "pinokio.js": "1", "start.js": "1", "config.txt": "a\nb\nc\nd\ne\n", "notes.txt": "hers\n" };

/** An app that was cloned, from where something newer is. */
async function homeWithApp(options: Parameters<typeof openChangesHome>[1] = {}) {
  const folder = temporaryFolder();
  const origin = join(folder.path, "origin");
  putFiles(origin, FILES);
  git(origin, "init", "-q", "-b", "main");
  git(origin, "add", ".");
  git(origin, "commit", "-qm", "one");
  const w = openChangesHome(join(folder.path, "home"), options);
  const app = join(w.api, "app");
  git(folder.path, "clone", "-q", `file://${origin}`, app);
  const { fingerprint, files } = await readScripts(app);
  const record = { source: origin, state: "installed", installedAt: "t", agreed: fingerprint, scripts: files };
  w.store.set(APP, InstalledApp.parse(record));
  const commit = (changes: Record<string, string>, message: string): void => {
    putFiles(origin, changes);
    git(origin, "add", "-A");
    git(origin, "commit", "-qm", message);
  };
  const { signal } = new AbortController();
  return {
    ...w,
    app,
    origin,
    commit,
    look: () => w.changes.look(APP, signal),
    update: async (agreed: string | null = null) => {
      const { job, entry } = await w.changes.update(APP, { agreed });
      return { entry, job: await w.done(job) };
    },
    files: () => filesIn(app, read),
    head: () => git(app, "rev-parse", "HEAD"),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("a look says what is new, who made it and when; nothing is changed by it", async () => {
  using w = await homeWithApp();
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
  using w = await homeWithApp();
  putFiles(w.app, { "config.txt": "A\nb\nc\nd\ne\n", "notes.txt": "mine\n", "out/a.png": "picture" });
  const before = w.files();
  const head = w.head();
  w.commit({ "config.txt": "a\nb\nc\nd\nE\n", "notes.txt": "theirs\n", "new.txt": "new" }, "two");
  expect((await w.look()).edited).toEqual(["config.txt", "notes.txt"]);
  const { job, entry } = await w.update();
  expect(job).toMatchObject({ state: "done", error: null });
  expect(w.files()).toEqual({
    ...FILES,
    "config.txt": "A\nb\nc\nd\nE\n",
    "notes.txt": "theirs\n",
    "new.txt": "new",
    "out/a.png": "picture",
  });
  const [gone] = await w.changes.trash();
  expect(gone?.said.join()).toContain("Your version of notes.txt is in");
  expect(await w.done(w.changes.restore(entry))).toMatchObject({ state: "done", error: null });
  expect(w.head()).toBe(head);
  expect(w.files()).toEqual(before);
  expect(await w.changes.trash()).toEqual([]);
});

test("an update whose script fails leaves everything as it was", async () => {
  using w = await homeWithApp({
    updateScript: (app) => {
      putFiles(join(w.api, app), { "env/lib/python3.12/site-packages/torch-2.2.dist-info/x": "" });
      rmSync(join(w.api, app, "env/lib/python3.12/site-packages/torch-2.1.dist-info"), { recursive: true });
      return Promise.reject(new Error("update.js failed"));
    },
  });
  putFiles(w.app, {
    "notes.txt": "mine\n",
    "env/pyvenv.cfg": "",
    "env/lib/python3.12/site-packages/torch-2.1.dist-info/x": "",
  });
  const head = w.head();
  const record = w.store.get(APP);
  w.commit({ "notes.txt": "theirs\n", "update.js": "1" }, "two");
  const { fingerprint, scripts } = await w.look();
  expect(scripts.map(({ path }) => path)).toEqual(["update.js"]);
  expect((await w.update()).job.error).toMatchObject({ code: "agreement-needed" });
  const { job } = await w.update(fingerprint);
  expect(job.error?.message).toMatch(
    /update\.js failed: its code is as it was before; what scripts have changed beside it stays; .*torch 2\.1 → 2\.2/,
  );
  expect(w.head()).toBe(head);
  expect(read(join(w.app, "notes.txt"))).toBe("mine\n");
  expect(w.store.get(APP)).toEqual(record);
  expect(await w.changes.trash()).toEqual([]);
});

test("scripts that a person agreed to with the update are agreed to", async () => {
  using w = await homeWithApp();
  w.commit({ "start.js": "2" }, "two");
  const { fingerprint } = await w.look();
  expect(fingerprint).not.toBe(null);
  expect((await w.update(fingerprint)).job.state).toBe("done");
  expect(w.store.get(APP)?.scripts).toEqual((await readScripts(w.app)).files);
});

test("a branch that its author has replaced is followed, and commits of one's own stay on a branch", async () => {
  using w = await homeWithApp();
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
  expect((await w.update()).job.state).toBe("done");
  expect(w.head()).toBe(git(w.origin, "rev-parse", "HEAD"));
  expect(git(w.app, "branch", "--contains", mine)).toContain("before-update-");
});

test.each([
  ["it stands at a commit", (app: string) => git(app, "checkout", "-q", "--detach"), /commit of its own/],
  ["its repository is gone", (_: string, origin: string) => rmSync(origin, { recursive: true }), /no git repository/],
  ["it is no repository", (app: string) => rmSync(join(app, ".git"), { recursive: true }), /nothing to fetch/],
])("when %s, that is said and nothing happens", async (_, change, sentence) => {
  using w = await homeWithApp();
  w.commit({ "new.txt": "new" }, "two");
  change(w.app, w.origin);
  expect((await w.look()).refused).toMatch(sentence);
  expect((await w.update()).job.error?.message).toMatch(sentence);
  expect(w.files()).toEqual(FILES);
});

test("files that are new there and here alike do not lose the person's", async () => {
  using w = await homeWithApp();
  putFiles(w.app, { "new.txt": "mine" });
  w.commit({ "new.txt": "theirs" }, "two");
  const { entry } = await w.update();
  expect(read(join(w.app, "new.txt"))).toBe("theirs");
  expect(read(join(w.home, "trash", entry, "files/api/app/new.txt"))).toBe("mine");
  writeFileSync(join(w.app, "new.txt"), "later");
  await w.done(w.changes.restore(entry));
  expect(existsSync(join(w.app, "new.txt"))).toBe(true);
  const all = Object.values({ ...w.files(), ...filesIn(join(w.home, "trash"), read) });
  expect(all).toEqual(expect.arrayContaining(["mine", "later"]));
});

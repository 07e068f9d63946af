import {
  appendFileSync,
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openChangesHome, putFiles } from "../../../helpers/changes-home.js";
import { git, homeWithClone } from "../../../helpers/cloned-app.js";

const PACKAGES = "env/lib/python3.12/site-packages";
const LARGE = "x".repeat(2 * 1024 ** 2);
const MINE = {
  ...{ "notes.txt": "mine\n", "out/a.png": "picture", "data.json": "{}", "models/large.bin": LARGE },
  ...{ "env/pyvenv.cfg": "home = x", "env/mine.txt": "mine", [`${PACKAGES}/torch/x.py`]: "2.1" },
  ...{ [`${PACKAGES}/torch-2.1.dist-info/RECORD`]: "", [`${PACKAGES}/a.pth`]: "one" },
  "code/node_modules/m/index.js": "1",
};

/** An app with an environment, a checkout and files of a person, and a script that does this to it and fails. */
async function homeWithFailing(script: (app: string) => void) {
  const w = await homeWithClone({
    updateScript: (id) => {
      script(join(w.api, id));
      return Promise.reject(new Error("update.js failed"));
    },
  });
  git(w.app, "clone", "-q", `file://${w.origin}`, "code");
  putFiles(w.app, MINE);
  symlinkSync("nowhere", join(w.app, "linked"));
  w.commit({ "notes.txt": "theirs\n", "update.js": "1", "new.txt": "new" }, "two");
  const { fingerprint } = await w.look();
  const before = w.files();
  return {
    ...w,
    before,
    fail: async () => (await w.update(fingerprint)).job.error?.message,
    left: () => readdirSync(w.api).filter((name) => name.startsWith(".")),
  };
}

/** As package managers and git do: other files in the place of those that were there. */
function putOther(app: string): void {
  rmSync(join(app, PACKAGES, "torch-2.1.dist-info"), { recursive: true });
  rmSync(join(app, PACKAGES, "torch/x.py"));
  putFiles(app, { [`${PACKAGES}/torch/x.py`]: "2.2", [`${PACKAGES}/torch-2.2.dist-info/RECORD`]: "" });
  rmSync(join(app, "code/node_modules"), { recursive: true });
  git(join(app, "code"), "pull", "-q");
}

test("an update whose script fails leaves environments, checkouts and untracked files as they were", async () => {
  using w = await homeWithFailing((app) => {
    putOther(app);
    appendFileSync(join(app, PACKAGES, "a.pth"), "two");
    rmSync(join(app, "out"), { recursive: true });
    writeFileSync(join(app, "config.txt"), "by the script");
    rmSync(join(app, "linked"));
    putFiles(app, { "env2/pyvenv.cfg": "", "env2/lib/x.py": "" });
  });
  const [record, head, code] = [w.store.get(w.id), w.head(), git(join(w.app, "code"), "rev-parse", "HEAD")];
  expect(await w.fail()).toBe(
    "update.js failed: all is as it was before. How that had left files of yours is in the trash",
  );
  expect(w.files()).toEqual(w.before);
  expect(w.head()).toBe(head);
  expect(w.store.get(w.id)).toEqual(record);
  expect(w.takenBack).toHaveLength(1); // nobody goes on with that run of the script
  expect(git(join(w.app, "code"), "rev-parse", "HEAD")).toBe(code);
  expect(git(join(w.app, "code"), "status", "--porcelain", "--", "notes.txt", "new.txt")).toBe("");
  expect(w.left()).toEqual([]);
  const [entry, ...others] = await w.changes.trash();
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ what: "api/app/config.txt", said: [expect.stringContaining("failed")] });
}, 30_000);

test("what its script has made of a person's files can be had back, and what it has added stays", async () => {
  using w = await homeWithFailing((app) => {
    writeFileSync(join(app, "data.json"), '{"by": "the script"}');
    putFiles(app, { "out/b.png": "another", "downloads/c.bin": "c" });
  });
  await w.fail();
  expect(w.files()).toEqual({ ...w.before, "out/b.png": "another", "downloads/c.bin": "c" });
  const [entry] = await w.changes.trash();
  expect(await w.done(w.changes.restore(entry?.name ?? ""))).toMatchObject({ state: "done", error: null });
  expect(w.files()).toMatchObject({ "data.json": "{}", "data (restored).json": '{"by": "the script"}' });
}, 30_000);

test("what it has written over in place, and nobody has any more, is said", async () => {
  using w = await homeWithFailing((app) => appendFileSync(join(app, "models/large.bin"), "more"));
  expect(await w.fail()).toBe(
    "update.js failed: all is as it was before, but for what its script has written over in place: models/large.bin",
  );
  expect(lstatSync(join(w.app, "models/large.bin")).size).toBe(LARGE.length + 4);
}, 30_000);

test("where a file can have one name only, that is said before, and nothing else is promised after", async () => {
  using w = await homeWithFailing((app) => putFiles(app, { "env/pyvenv.cfg": "changed" }));
  using elsewhere = folderOfAnotherDisk();
  cpSync(w.app, join(elsewhere.path, "app"), { recursive: true });
  rmSync(w.app, { recursive: true });
  symlinkSync(join(elsewhere.path, "app"), w.app);
  expect((await w.look()).notes).toEqual([expect.stringMatching(/^If update\.js fails, .* stay as it has left them$/)]);
  expect(await w.fail()).toBe(
    "update.js failed: its code is as it was before; what scripts have changed beside it stays",
  );
  expect(w.left()).toEqual([]);
}, 30_000);

test("one whose sidecar ended meanwhile is as before after the next start", async () => {
  using w = await homeWithFailing((app) => {
    putOther(app);
    void w.jobs.close();
  });
  await w.fail();
  expect(w.files()).not.toEqual(w.before);
  const next = openChangesHome(w.home);
  await next.changes.settle();
  for (const job of next.jobs.all) await next.done(job); // its script may go on for long
  expect(w.files()).toEqual(w.before);
  expect(next.told).toEqual(["Updating app was cut off: all is as it was before"]);
  expect(w.left()).toEqual([]);
}, 30_000);

test("one that cannot be taken back keeps nobody from uninstalling the app, with a person's files kept", async () => {
  using w = await homeWithFailing(() => void w.jobs.close());
  await w.fail();
  rmSync(join(w.app, ".git/objects"), { recursive: true });
  const next = openChangesHome(w.home);
  next.store.set(w.id, w.store.get(w.id)!);
  const failed = await next.changes.reset(w.id, { all: false, install: false });
  expect((await next.done(failed.job)).error?.message).toMatch(/was in the middle of \(update\) could not be finished/);
  const { job } = await next.changes.uninstall(w.id, { all: false });
  expect((await next.done(job)).error).toBe(null);
  expect(existsSync(w.app)).toBe(false);
  expect(existsSync(join(w.home, "kept/app/files/out/a.png"))).toBe(true);
}, 30_000);

test("an app whose new launcher fails is left as it was, unless its old one failed too", async () => {
  let problem: { message: string } | null = null;
  using w = await homeWithClone({
    updateScript: (id) => {
      putFiles(join(w.api, id), { "env/pyvenv.cfg": "", "env/lib/x.py": "" });
      return Promise.resolve();
    },
    launcherProblem: () => Promise.resolve(w.files()["pinokio.js"] === "throw" ? { message: "it throws" } : problem),
  });
  w.commit({ "pinokio.js": "throw", "update.js": "1" }, "two");
  const { fingerprint } = await w.look();
  const [record, head, before] = [w.store.get(w.id), w.head(), w.files()];
  expect((await w.update(fingerprint)).job.error?.message).toBe(
    "The new version of app has a launcher that fails: it throws: all is as it was before",
  );
  expect([w.store.get(w.id), w.head(), w.files()]).toEqual([record, head, before]);
  problem = { message: "it never worked" };
  expect((await w.update(fingerprint)).job.state).toBe("done");
}, 30_000);

test("an update that was cut off after its script is not finished with a launcher that fails", async () => {
  using w = await homeWithClone({
    updateScript: () => {
      void w.jobs.close();
      return Promise.reject(new Error("the sidecar ends"));
    },
  });
  w.commit({ "pinokio.js": "throw", "update.js": "1" }, "two");
  const { fingerprint } = await w.look();
  const before = w.files();
  await w.update(fingerprint);
  const next = openChangesHome(w.home, { launcherProblem: () => Promise.resolve({ message: "it throws" }) });
  next.world.outcomeOf = () => Promise.resolve("finished");
  await next.changes.settle();
  for (const job of next.jobs.all) await next.done(job);
  expect(next.told).toEqual(["The new version of app has a launcher that fails: it throws: all is as it was before"]);
  expect(w.files()).toEqual(before);
}, 30_000);

test("a lock of git is removed when it is old and nobody holds it; else that is said, and it stays", async () => {
  using w = await homeWithClone();
  w.commit({ "new.txt": "new" }, "two");
  const lock = join(w.app, ".git/index.lock");
  const file = openSync(lock, "w");
  utimesSync(lock, 0, 0);
  const { error } = (await w.update()).job;
  expect(error?.message).toBe(`${lock} keeps git from working here: all is as it was before`);
  expect(error?.hint).toMatch(/^Wait for other git commands/);
  closeSync(file);
  utimesSync(lock, new Date(), new Date());
  expect((await w.update()).job.state).toBe("failed");
  expect(existsSync(lock)).toBe(true);
  utimesSync(lock, 0, 0);
  expect((await w.update()).job.state).toBe("done");
  expect(existsSync(lock)).toBe(false);
}, 30_000);

/** A file there cannot be another name of one in the system's folder for passing files. */
function folderOfAnotherDisk() {
  const path = mkdtempSync("/dev/shm/pinokiocloud-");
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

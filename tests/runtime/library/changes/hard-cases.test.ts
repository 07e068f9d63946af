import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { GitPrograms } from "../../../../src/runtime/base/git-known.js";
import { machinePrograms } from "../../../../src/runtime/base/machine-programs.js";
import { appIdOf } from "../../../../src/runtime/protocol/ids.js";
import { filesIn, openChangesHome, putFiles } from "../../../helpers/changes-home.js";
import { temporaryFolder } from "../../../helpers/temporary-folder.js";

const APP = appIdOf("app");
const read = (path: string): string => readFileSync(path, "utf8");

function homeWith(files: Record<string, string>, options: Parameters<typeof openChangesHome>[1] = {}) {
  const folder = temporaryFolder();
  const w = openChangesHome(join(folder.path, "home"), options);
  const app = join(w.api, "app");
  putFiles(app, files);
  return {
    ...w,
    app,
    root: folder.path,
    uninstall: async (all = false) => {
      const { job, entry } = await w.changes.uninstall(APP, { all });
      return { job: await w.done(job), entry };
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const commit = (folder: string): void => {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-qm", "one");
};

test("names of any kind are kept, also those that are no text", async () => {
  using w = homeWith({ "pinokio.js": "1", "out/a\nb\t'\".png": "one", "out/ -rf": "two", "out/☃/ü": "three" });
  const odd = Buffer.concat([Buffer.from(join(w.app, "odd/")), Buffer.from([0xff, 0xfe])]);
  mkdirSync(join(w.app, "odd"));
  writeFileSync(odd, "four");
  const { job, entry } = await w.uninstall();
  expect(job.error).toBe(null);
  const kept = join(w.home, "kept/app/files");
  expect(read(join(kept, "out/a\nb\t'\".png"))).toBe("one");
  expect(readFileSync(Buffer.concat([Buffer.from(join(kept, "odd/")), Buffer.from([0xff, 0xfe])]), "utf8")).toBe(
    "four",
  );
  expect((await w.done(w.changes.restore(entry))).error).toBe(null);
  expect(readFileSync(odd, "utf8")).toBe("four");
  expect(read(join(w.app, "out/☃/ü"))).toBe("three");
});

test("hard links, sockets and links out of the app do no harm", async () => {
  using w = homeWith({ "pinokio.js": "1", "out/a.png": "picture" });
  const outside = join(w.root, "outside");
  putFiles(outside, { "x.txt": "theirs", "deep/y.txt": "theirs too" });
  linkSync(join(w.app, "out/a.png"), join(outside, "linked.png"));
  symlinkSync(outside, join(w.app, "elsewhere"));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(w.app, "out/socket"), resolve));
  await w.uninstall(true);
  server.close();
  const list = await w.changes.trash();
  expect(list[0]?.sharedBytes).toBeGreaterThan(0);
  await w.done((await w.changes.empty({})).job);
  expect(filesIn(outside, read)).toEqual({ "x.txt": "theirs", "deep/y.txt": "theirs too", "linked.png": "picture" });
});

test("where git is missing everything but environments counts as a person's, and that is said", async () => {
  const none: GitPrograms = { ...machinePrograms({}), find: () => null };
  using w = homeWith(
    { "pinokio.js": "1", "code.py": "1", "env/pyvenv.cfg": "", "env/lib/x.py": "1" },
    { programs: none },
  );
  commit(w.app);
  const preview = await w.changes.preview("uninstall", APP);
  expect(preview.notes[0]).toMatch(/^git was not found/);
  await w.uninstall();
  const kept = readdirSync(join(w.home, "kept/app/files")).sort();
  expect(kept).toEqual([".git", "code.py", "pinokio.js"]);
});

test("a copy of a folder leaves nothing that the folder still has", async () => {
  using w = homeWith(
    { "pinokio.js": "1", "config.json": "{}", "out/a.png": "picture" },
    { origin: () => join(w.root, "source") },
  );
  putFiles(join(w.root, "source"), { "pinokio.js": "1", "config.json": '{"other": 1}' });
  await w.uninstall();
  expect(filesIn(join(w.home, "kept/app/files"), read)).toEqual({ "config.json": "{}", "out/a.png": "picture" });
});

test("a folder of fifty thousand files goes and comes back in one piece", async () => {
  using w = homeWith({ "pinokio.js": "1", "code/x.py": "1" });
  commit(w.app);
  for (let folder = 0; folder < 100; folder++) {
    mkdirSync(join(w.app, "out", String(folder)), { recursive: true });
    for (let file = 0; file < 500; file++) writeFileSync(join(w.app, "out", String(folder), String(file)), "");
  }
  const preview = await w.changes.preview("uninstall", APP);
  expect(preview.stays[0]?.files).toBeGreaterThan(50_000);
  const { entry } = await w.uninstall();
  expect(readdirSync(join(w.home, "kept/app/files/out"))).toHaveLength(100);
  expect((await w.done(w.changes.restore(entry))).error).toBe(null);
  expect(readdirSync(join(w.app, "out/99"))).toHaveLength(500);
}, 60_000);

test("a home that cannot be written says so, and nothing has moved", async () => {
  using w = homeWith({ "pinokio.js": "1", "out/a.png": "picture" });
  writeFileSync(join(w.home, "trash"), "in the way"); // as a disk that can only be read, also for root
  const { job } = await w.uninstall();
  expect(job.error).toMatchObject({ code: "home-not-writable" });
  expect(job.error?.message).toContain("cannot be written");
  expect(filesIn(w.app, read)).toEqual({ "pinokio.js": "1", "out/a.png": "picture" });
  expect(existsSync(join(w.home, "kept"))).toBe(false);
});

test("a file that nobody may change does not take others with it", async () => {
  using w = homeWith({ "pinokio.js": "1", "out/a.png": "picture" });
  chmodSync(join(w.app, "out"), 0o500);
  const { job, entry } = await w.uninstall(true);
  expect(job.error).toBe(null);
  expect((await w.done(w.changes.restore(entry))).error).toBe(null);
  expect(read(join(w.app, "out/a.png"))).toBe("picture");
});

test("what a script removed goes back where it was, beside what is there now", async () => {
  using w = homeWith({ "pinokio.js": "1" });
  const folder = join(w.home, "trash/one");
  putFiles(folder, { "files/app/out/a.png": "old", "files/app/out/b.png": "b" });
  writeFileSync(join(folder, "trash.json"), JSON.stringify({ at: "t", from: w.api, why: "script", app: "app" }));
  putFiles(w.app, { "out/a.png": "new" });
  expect((await w.done(w.changes.restore("one"))).error).toBe(null);
  expect(filesIn(w.app, read)).toEqual({
    "pinokio.js": "1",
    "out/a.png": "new",
    "out/a (restored).png": "old",
    "out/b.png": "b",
  });
  expect(w.told.join()).toContain("is taken");
  expect(existsSync(folder)).toBe(false);
});

test("what a script of an app removed that is gone is kept instead", async () => {
  using w = homeWith({ "pinokio.js": "1" });
  const folder = join(w.home, "trash/one");
  putFiles(folder, { "files/gone/out/a.png": "old" });
  writeFileSync(join(folder, "trash.json"), JSON.stringify({ at: "t", from: w.api, why: "script", app: "gone" }));
  await w.done(w.changes.restore("one"));
  expect(existsSync(join(w.api, "gone"))).toBe(false);
  expect(read(join(w.home, "kept/gone/files/out/a.png"))).toBe("old");
});

test.each(["../api/app", "", ".", "kept/../../x", "nothing", ".emptying-x"])(
  "only an entry's own name is one: %j",
  async (name) => {
    using w = homeWith({ "pinokio.js": "1" });
    expect(() => w.changes.restore(name)).toThrow(expect.objectContaining({ code: "trash-missing" }));
    await expect(w.changes.empty({ entries: [name] })).rejects.toMatchObject({ code: "trash-missing" });
    expect(read(join(w.app, "pinokio.js"))).toBe("1");
  },
);

test("a name that is no text keeps nobody from resetting, and from taking that back", async () => {
  using w = homeWith({ "pinokio.js": "1", "t.txt": "theirs" });
  commit(w.app);
  putFiles(w.app, { "outputs/p.png": "picture", "t.txt": "mine" });
  const odd = (folder: string, last: number): Buffer =>
    Buffer.concat([Buffer.from(join(folder, "bad")), Buffer.from([last]), Buffer.from(".png")]);
  writeFileSync(odd(w.app, 0xff), "four");
  writeFileSync(odd(w.app, 0xfe), "four too");
  const look = await w.changes.preview("reset", APP);
  expect(look.stays[0]).toMatchObject({ examples: expect.arrayContaining([expect.stringMatching(/^bad.*[1-9]/)]) });
  const { job, entry } = await w.changes.reset(APP, { all: false, install: false });
  expect((await w.done(job)).error).toBe(null);
  const stands = (): void => {
    expect(readdirSync(w.api)).toEqual(["app"]);
    expect(read(join(w.app, "outputs/p.png"))).toBe("picture");
    expect([readFileSync(odd(w.app, 0xff), "utf8"), readFileSync(odd(w.app, 0xfe), "utf8")]).toEqual([
      "four",
      "four too",
    ]);
  };
  stands();
  expect((await w.done(w.changes.restore(entry))).error).toBe(null);
  stands();
  expect(read(join(w.app, "t.txt"))).toBe("mine");
});

test("folders deeper than a path can tell go with their app, come back with it, and can be emptied", async () => {
  using w = homeWith({ "pinokio.js": "1", "outputs/p.png": "picture" });
  commit(w.app);
  const script =
    'name=$(printf "d%.0s" $(seq 75)); for i in $(seq 60); do mkdir $name; cd ./$name; [ $i = 52 ] && mkdir __pycache__; done; echo x > leaf';
  execFileSync("bash", ["-c", script], { cwd: join(w.app, "outputs") });
  const leaves = (): string =>
    execFileSync("find", [w.app, "-name", "leaf"], { encoding: "utf8", stdio: "pipe" }).slice(-5).trim();
  for (const kind of ["reset", "uninstall"] as const) {
    expect((await w.changes.preview(kind, APP)).stays).toHaveLength(1);
  }
  const reset = await w.changes.reset(APP, { all: false, install: false });
  expect((await w.done(reset.job)).error).toBe(null);
  expect(leaves()).toBe("leaf");
  const { job, entry } = await w.uninstall();
  expect(job.error).toBe(null);
  expect((await w.done(w.changes.restore(entry))).error).toBe(null);
  expect(leaves()).toBe("leaf");
  expect((await w.uninstall(true)).job.error).toBe(null);
  expect((await w.done((await w.changes.empty({})).job)).error).toBe(null);
  expect(readdirSync(join(w.home, "trash"))).toEqual([]);
});

import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { machinePrograms } from "../../../../src/runtime/base/machine-programs.js";
import { readTrashRecord } from "../../../../src/runtime/base/trash.js";
import { type AppFilesWorld, createAppFiles } from "../../../../src/runtime/library/files/app-files.js";
import type { AppFileList, AppFileOrder } from "../../../../src/runtime/protocol/app-files.js";
import { appIdOf } from "../../../../src/runtime/protocol/ids.js";
import { APP_FILES } from "../../../../src/runtime/protocol/limits.js";
import { openChangesHome, putFiles } from "../../../helpers/changes-home.js";
import { temporaryFolder } from "../../../helpers/temporary-folder.js";

const APP = appIdOf("app");
const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], { cwd, stdio: "pipe" });
const names = ({ entries }: AppFileList): string[] => entries.map(({ name }) => name);

/** An app in a repository, with what a person has made in it, and files beside the home. */
function homeWithFiles(change: Partial<AppFilesWorld> = {}) {
  const folder = temporaryFolder();
  const home = join(folder.path, "home");
  const app = join(home, "api", "app");
  putFiles(app, { "pinokio.js": "1", "start.js": "2", "code/run.py": "3" });
  git(app, "init", "-q");
  git(app, "add", ".");
  git(app, "commit", "-qm", "one");
  putFiles(app, {
    "out/a.png": "older",
    "out/deep/b.png": "the newer one",
    "code/mine.txt": "mine",
    "env/pyvenv.cfg": "home = x",
    "env/lib/python.py": "1",
    ENVIRONMENT: "PORT=80\nMY_TOKEN=abcdef\n",
  });
  const at = (file: string, seconds: number) => utimesSync(join(app, file), seconds, seconds);
  at("out/a.png", 1_000);
  at("out/deep/b.png", 3_000);
  at("code/mine.txt", 2_000);
  at("ENVIRONMENT", 500);
  putFiles(join(folder.path, "outside"), { "secret.txt": "not yours to see" });
  const changed: string[] = [];
  const files = createAppFiles({
    home,
    api: join(home, "api"),
    programs: machinePrograms(process.env),
    originOf: () => null,
    untouchedVariables: () => null,
    isChanging: () => false,
    secretsOf: () => [],
    changed: (id) => void changed.push(id),
    ...change,
  });
  const text = async (path: string, offset = 0, most: number = APP_FILES.readBytes) => {
    const part = await files.read(APP, { path, offset, most });
    return { ...part, text: Buffer.from(part.bytes, "base64").toString() };
  };
  return {
    ...{ home, app, outside: join(folder.path, "outside"), files, changed, text },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("what a person made is apart from what is the app's, the newest first, folders with all that is in them", async () => {
  using place = homeWithFiles();
  const { files } = place;
  const top = await files.list(APP, {});
  expect(top.own.entries).toMatchObject([
    { name: "out", kind: "folder", bytes: 18, files: 2, isMixed: false, at: new Date(3_000_000).toISOString() },
    { name: "code", kind: "folder", bytes: 4, files: 1, isMixed: true, at: new Date(2_000_000).toISOString() },
    { name: "ENVIRONMENT", kind: "file", bytes: 24, files: null },
  ]);
  expect(names(top.others)).toEqual([".git", "env", "pinokio.js", "start.js"]); // folders first
  expect(top).toMatchObject({ folder: "", parent: null, isCut: false });

  const code = await files.list(APP, { folder: "code" });
  expect([names(code.own), names(code.others), code.parent]).toEqual([["mine.txt"], ["run.py"], ""]);
  const deep = await files.list(APP, { folder: "./out//deep/" });
  expect([deep.folder, deep.parent, names(deep.own)]).toEqual(["out/deep", "out", ["b.png"]]);
});

test("of a folder that holds much, the newest are shown and all are counted", async () => {
  using place = homeWithFiles();
  const { app, files } = place;
  for (let number = 0; number < 30; number++) {
    writeFileSync(join(app, "out", `${number}.txt`), "x");
    utimesSync(join(app, "out", `${number}.txt`), 10_000 + number, 10_000 + number);
  }
  const { own } = await files.list(APP, { folder: "out", most: 3 });
  expect([own.total, names(own)]).toEqual([32, ["29.txt", "28.txt", "27.txt"]]);
});

test("what a person made is arranged as asked, numbers in names by their size", async () => {
  using place = homeWithFiles();
  const { app, files } = place;
  putFiles(join(app, "out"), { "page 10.txt": "12345", "page 9.txt": "1234567" });
  const ordered = async (order: AppFileOrder) => names((await files.list(APP, { folder: "out", order })).own);
  expect(await ordered("name")).toEqual(["a.png", "deep", "page 9.txt", "page 10.txt"]);
  expect(await ordered("largest")).toEqual(["deep", "page 9.txt", "a.png", "page 10.txt"]);
});

test("among 5,000 files any is found by its name, however it is written", async () => {
  using place = homeWithFiles();
  const { app, files } = place;
  for (let number = 0; number < 5_000; number++) writeFileSync(join(app, "out", `picture ${number}.png`), "");
  writeFileSync(join(app, "out", "Ü".normalize("NFD")), "");
  const all = await files.list(APP, { folder: "out", most: APP_FILES.entries });
  expect([all.own.entries.length, all.own.total, all.isCut]).toEqual([1_000, 5_003, false]);
  const found = await files.list(APP, { folder: "out", text: "PICTURE 4999" });
  expect([names(found.own), found.own.total]).toEqual([["picture 4999.png"], 1]);
  expect(names((await files.list(APP, { folder: "out", text: "ü" })).own)).toHaveLength(1);
  expect((await files.list(APP, { folder: "out", text: "nowhere" })).own).toEqual({ entries: [], total: 0 });
});

test("what was made since one looked is a person's at once", async () => {
  using place = homeWithFiles();
  const { app, files } = place;
  expect(names((await files.list(APP, {})).own)).not.toContain("new.png");
  putFiles(app, { "new.png": "1", "made/b.png": "2" });
  expect(
    names((await files.list(APP, {})).own)
      .slice(0, 2)
      .sort(),
  ).toEqual(["made", "new.png"]);
});

test("names that are no text are counted, and such as could be taken for something else are as they are", async () => {
  using place = homeWithFiles();
  const { app, files, text } = place;
  const strange = ["<b>x.png", "سماء.png", "a\nb.png", " ", "-rf", "..png"];
  putFiles(join(app, "strange"), Object.fromEntries(strange.map((name) => [name, name])));
  writeFileSync(Buffer.concat([Buffer.from(join(app, "strange/")), Buffer.from([0x83, 0x65])]), "");
  const { own, unreadable } = await files.list(APP, { folder: "strange" });
  expect([names(own).sort(), unreadable]).toEqual([strange.sort(), 1]);
  for (const name of strange) expect((await text(`strange/${name}`)).text).toBe(name);
});

test("an empty folder, and one of nothing but folders, are shown as they are", async () => {
  using place = homeWithFiles();
  const { app, files } = place;
  mkdirSync(join(app, "empty/inner"), { recursive: true });
  const listed = await files.list(APP, { folder: "empty/inner" });
  expect([listed.own.total, listed.others.total, listed.parent]).toEqual([0, 0, "empty"]);
});

test("a file is read from anywhere in it, and a part says when it is of another one", async () => {
  using place = homeWithFiles();
  const { app, files, text } = place;
  expect(await text("out/deep/b.png")).toMatchObject({ text: "the newer one", offset: 0, size: 13, isText: true });
  const part = await text("out/deep/b.png", 4, 5);
  expect(part).toMatchObject({ text: "newer", offset: 4, size: 13 });
  expect((await text("out/deep/b.png", 99)).text).toBe("");
  writeFileSync(join(app, "out/deep/b.png"), "another");
  const again = files.read(APP, { path: "out/deep/b.png", offset: 4, most: 5, version: part.version });
  await expect(again).rejects.toMatchObject({ code: "file-changed" });
  writeFileSync(join(app, "out/picture.bin"), Buffer.from([0, 1, 2, 255]));
  expect(await files.read(APP, { path: "out/picture.bin", offset: 0, most: 10 })).toMatchObject({
    bytes: "AAEC/w==",
    isText: false,
    isHidden: false,
  });
});

test("nothing outside of the app is listed or read: no way up, no link, no pipe, no device", async () => {
  using place = homeWithFiles();
  const { app, outside, files, text } = place;
  symlinkSync(outside, join(app, "out", "away"));
  symlinkSync(join(outside, "secret.txt"), join(app, "out", "away.txt"));
  symlinkSync("/dev/zero", join(app, "out", "zero"));
  symlinkSync("deep", join(app, "out", "within"));
  execFileSync("mkfifo", [join(app, "out", "pipe")]);
  const places = ["../../../outside/secret.txt", "/etc/hostname", "out/away/secret.txt", "out/away.txt", "out/zero"];
  for (const path of [...places, "out/within/b.png", "out/pipe", "out", "out/a\0.png"]) {
    await expect(text(path)).rejects.toMatchObject({ code: "request-invalid" });
  }
  await expect(text("out/gone.png")).rejects.toMatchObject({ code: "file-changed" });
  for (const path of ["..", "out/away", "out/within", "out/../..", "/"]) {
    await expect(files.list(APP, { folder: path })).rejects.toMatchObject({ code: "request-invalid" });
  }
  const { own } = await files.list(APP, { folder: "out" });
  expect(own.entries.filter(({ kind }) => kind === "link").map(({ name, leadsTo }) => [name, leadsTo])).toEqual(
    expect.arrayContaining([["away", outside]]),
  );
  expect(names(own)).not.toContain("pipe");
  await expect(files.list(appIdOf("nothing"), {})).rejects.toMatchObject({ code: "app-missing" });
});

test("secrets are stars, also where one is cut in two by the part that is read; keys are not read at all", async () => {
  using place = homeWithFiles({ secretsOf: () => [Buffer.from("a-known-secret")] });
  const { app, text } = place;
  expect(await text("ENVIRONMENT")).toMatchObject({ text: "PORT=80\nMY_TOKEN=******\n", isHidden: true });
  expect((await text("ENVIRONMENT", 19, 3)).text).toBe("***");
  expect(await text("ENVIRONMENT", 0, 7)).toMatchObject({ text: "PORT=80", isHidden: false });
  writeFileSync(join(app, "out/long.txt"), `${"x".repeat(20_000)} a-known-secret ${"y".repeat(20_000)}`);
  expect((await text("out/long.txt", 20_005, 4)).text).toBe("****");
  writeFileSync(join(app, "out/id_rsa"), "key");
  const older = Buffer.from("mine is a-known-secret, gr\xfcn", "latin1");
  writeFileSync(join(app, "out/older.txt"), older);
  expect(await text("out/older.txt")).toMatchObject({ isText: false, isHidden: true });
  await expect(text("out/id_rsa")).rejects.toThrow("out/id_rsa may hold a secret and is not shown");
  await expect(text(".git/config")).rejects.toThrow(".git/config may hold a secret and is not shown");
  writeFileSync(join(app, "ENVIRONMENT"), "MY_TOKEN=abcdef\n\0");
  expect((await text("ENVIRONMENT")).text).toBe("MY_TOKEN=******\n\0");
});

test("what is moved to the trash can be had back, and what is the app's is not moved", async () => {
  using place = homeWithFiles();
  const { home, app, outside, files, changed } = place;
  for (const path of ["start.js", "code", "env", ".git"]) {
    await expect(files.toTrash(APP, ["out", path])).rejects.toThrow(`${path} was not moved`);
  }
  await expect(files.toTrash(APP, ["../app/out"])).rejects.toMatchObject({ code: "request-invalid" });
  await expect(files.toTrash(APP, ["."])).rejects.toMatchObject({ code: "request-invalid" });
  expect(existsSync(join(app, "out/a.png"))).toBe(true);

  symlinkSync(outside, join(app, "out", "away"));
  const { entry, moved } = await files.toTrash(APP, ["out/deep/b.png", "out", "code/mine.txt"]);
  expect(moved).toBe(2);
  expect([existsSync(join(app, "out")), existsSync(join(app, "code/mine.txt"))]).toEqual([false, false]);
  expect(readFileSync(join(outside, "secret.txt"), "utf8")).toBe("not yours to see");
  expect(readTrashRecord(join(home, "trash", entry))).toMatchObject({ app: "app", why: "person" });
  expect(changed).toEqual(["app"]);
  expect(names((await files.list(APP, {})).own)).toEqual(["ENVIRONMENT"]);

  mkdirSync(join(app, "out"));
  writeFileSync(join(app, "out/a.png"), "made since");
  const opened = openChangesHome(home);
  await opened.done(opened.changes.restore(entry));
  files.forget(APP);
  expect(readFileSync(join(app, "out/a.png"), "utf8")).toBe("made since");
  expect(readFileSync(join(app, "out/a (restored).png"), "utf8")).toBe("older");
  expect(readFileSync(join(app, "out/deep/b.png"), "utf8")).toBe("the newer one");
  expect(readFileSync(join(app, "code/mine.txt"), "utf8")).toBe("mine");
});

test("nothing is moved while the app is being changed, or out of a folder that lies elsewhere", async () => {
  using busy = homeWithFiles({ isChanging: () => true });
  await expect(busy.files.toTrash(APP, ["out"])).rejects.toMatchObject({ code: "app-busy" });
  using place = homeWithFiles();
  const { app, outside, files, text } = place;
  rmSync(app, { recursive: true });
  symlinkSync(outside, app);
  expect((await text("secret.txt")).text).toBe("not yours to see");
  await expect(files.toTrash(APP, ["secret.txt"])).rejects.toThrow("app is a link to a folder that lies elsewhere");
});

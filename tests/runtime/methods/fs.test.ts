import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { fs } from "../../../src/runtime/methods/fs.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** An app's folder in a home, and a way to call methods there. */
function app() {
  const home = temporaryFolder();
  const cwd = join(home.path, "api", "app");
  mkdirSync(cwd, { recursive: true });
  const context = fakeContext({ home: home.path, cwd });
  return {
    cwd,
    home: home.path,
    context,
    call: (name: keyof typeof fs, params: unknown) => callChecked(fs[name], params, context),
    text: (path: string) => readFileSync(join(cwd, path), "utf8"),
    put: (files: Record<string, string>) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(cwd, path)), { recursive: true });
        writeFileSync(join(cwd, path), text);
      }
    },
    /** Every file in the trash, relative to the app. */
    trash: () => listFiles(join(home.path, "trash")).map((path) => path.replace(/^[^/]+\/files\//, "")),
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && entry.name !== "trash.json")
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

test.each([
  [{ text: "hi" }, "hi"],
  [{ text: ["x", "y"], join: "," }, "xy"],
  [{ text: "" }, ""],
  [{ text: 5 }, "5"],
  [{ json: { a: [1] }, text: "no" }, '{"a":[1]}'],
  [{ json2: { a: 1 } }, '{\n  "a": 1\n}'],
  [{ buffer: Buffer.from("hi") }, "hi"],
  [{ buffer: { type: "Buffer", data: [104, 105] } }, "hi"],
])("write %j makes %j", async (content, expected) => {
  using at = app();
  await at.call("write", { path: "a/b.txt", ...content });
  expect(at.text("a/b.txt")).toBe(expected);
  await at.call("append", { path: "a/b.txt", ...content });
  expect(at.text("a/b.txt")).toBe(expected + expected);
});

test("a file that cannot be written is left as it was", async () => {
  using at = app();
  at.put({ "a.txt": "old" });
  await expect(at.call("write", { path: "a.txt/b.txt", text: "x" })).rejects.toThrow();
  expect(at.text("a.txt")).toBe("old");
  expect(readdirSync(at.cwd)).toEqual(["a.txt"]);
});

test("read gives text or bytes; what is missing fails", async () => {
  using at = app();
  at.put({ "a.txt": "hé\nx" });
  expect(await at.call("read", { path: "a.txt", encoding: "utf8" })).toBe("hé\nx");
  expect(await at.call("read", { path: "a.txt" })).toEqual(Buffer.from("hé\nx"));
  await expect(at.call("read", { path: "none" })).rejects.toMatchObject({ code: "step-failed" });
  await at.call("cat", { path: "a.txt" });
  expect(at.context.printed).toEqual(["hé\r\nx\r\n"]);
});

test("copy makes folders and wants to be told about a folder", async () => {
  using at = app();
  at.put({ "a.txt": "A", "d/e.txt": "E" });
  await at.call("copy", { src: "a.txt", dest: "x/y/b.txt" });
  expect(at.text("x/y/b.txt")).toBe("A");
  await expect(at.call("copy", { src: "d", dest: "d2" })).rejects.toThrow("folder");
  await at.call("copy", { src: "d", dest: "d2", options: { recursive: true } });
  expect(at.text("d2/e.txt")).toBe("E");
});

test("move, exists, make, readdir and rmdir", async () => {
  using at = app();
  at.put({ "a.txt": "A" });
  await at.call("move", { src: "a.txt", dest: "m/n/b.txt" });
  expect(await at.call("exists", { path: "a.txt" })).toBe(false);
  expect(await at.call("exists", { path: "m/n/b.txt" })).toBe(true);
  await at.call("make", { path: "m/a" });
  expect(await at.call("readdir", { path: "m" })).toMatchObject([
    { name: "a", type: "directory" },
    { name: "n", type: "directory" },
  ]);
  expect(await at.call("readdir", { path: "m/n" })).toEqual([{ name: "b.txt", type: "file", size: 1 }]);
  await at.call("rmdir", { path: "m/a" });
  await expect(at.call("rmdir", { path: "m" })).rejects.toThrow("not empty");
  await at.call("rmdir", { path: "m", recursive: true });
  expect(existsSync(join(at.cwd, "m"))).toBe(false);
  expect(at.trash()).toEqual(["app/m/n/b.txt"]);
  await expect(at.call("move", { src: "none", dest: "b" })).rejects.toThrow("none is not there");
});

describe("rm", () => {
  test("of what is missing is fine", async () => {
    using at = app();
    await at.call("rm", { path: "none/at/all" });
  });

  test("keeps what git does not know and no environment owns", async () => {
    using at = app();
    at.put({ "app/main.py": "x", "app/edit.yaml": "a", "app/.gitignore": "outputs\nenv\nmodels\n" });
    const git = (...args: string[]) => execFileSync("git", args, { cwd: join(at.cwd, "app"), stdio: "ignore" });
    git("init");
    git("add", ".");
    git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-m", "one");
    git("init", "--bare", join(at.home, "remote.git"));
    git("remote", "add", "origin", join(at.home, "remote.git"));
    git("push", "origin", "HEAD");
    at.put({
      "app/edit.yaml": "mine",
      "app/outputs/a.png": "picture",
      "app/models/m.bin": "model",
      "app/note.txt": "n",
      "app/env/pyvenv.cfg": "",
      "app/env/lib/x.py": "x",
      "app/__pycache__/x.pyc": "x",
    });
    await at.call("rm", { path: "app" });
    expect(existsSync(join(at.cwd, "app"))).toBe(false);
    expect(at.trash()).toEqual([
      "app/app/edit.yaml",
      "app/app/models/m.bin",
      "app/app/note.txt",
      "app/app/outputs/a.png",
    ]);
    expect(at.context.notes.join("")).toContain("4 items were kept");
  });

  test("of an environment keeps nothing, of a link only the link goes", async () => {
    using at = app();
    at.put({ "env/pyvenv.cfg": "", "env/bin/x": "x", "real/a.txt": "a" });
    symlinkSync("real", join(at.cwd, "link"));
    await at.call("rm", { path: "env" });
    await at.call("remove", { path: "link" });
    expect(at.trash()).toEqual([]);
    expect(readdirSync(at.cwd)).toEqual(["real"]);
    expect(at.text("real/a.txt")).toBe("a");
  });

  test("outside of apps keeps nothing", async () => {
    using at = app();
    mkdirSync(join(at.home, "cache"));
    writeFileSync(join(at.home, "cache", "x"), "x");
    await at.call("rm", { path: "../../cache" });
    expect(at.trash()).toEqual([]);
    expect(existsSync(join(at.home, "cache"))).toBe(false);
  });
});

describe("link", () => {
  test("moves folders to the drive; its own files win and the others are kept", async () => {
    using at = app();
    at.put({ "a/m.txt": "FIRST", "b/m.txt": "SECOND", "b/only.txt": "ONLY", "b/sub/s.txt": "S" });
    await at.call("link", { drive: { models: ["a", "b"], checkpoints: "new/ck" } });
    expect(lstatSync(join(at.cwd, "a")).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(at.cwd, "a"))).toMatch(/^\.\.\/\.\.\/drive\/drives\/peers\/d\d+\/models$/);
    expect(at.text("a/m.txt")).toBe("FIRST");
    expect(at.text("b/only.txt")).toBe("ONLY");
    expect(at.text("a/sub/s.txt")).toBe("S");
    expect(at.trash()).toEqual(["b/m.txt"]);
    expect(lstatSync(join(at.cwd, "new/ck")).isSymbolicLink()).toBe(true);
    const before = readlinkSync(join(at.cwd, "a"));
    await at.call("share", { drive: { models: ["a", "b"] } });
    expect(readlinkSync(join(at.cwd, "a"))).toBe(before);
  });

  test("peers share one folder", async () => {
    using at = app();
    await at.call("link", { drive: { m: "a" }, peers: ["https://example.org/one.git"] });
    const other = fakeContext({ home: at.home, cwd: join(at.home, "api", "two") });
    await callChecked(fs.link, { drive: { m: "x/y" }, peers: ["https://example.org/one.git"] }, other);
    writeFileSync(join(at.cwd, "a", "f"), "shared");
    expect(readFileSync(join(at.home, "api/two/x/y/f"), "utf8")).toBe("shared");
  });

  test.each(["../out", "/abs", ".hidden", "a/../../out"])("refuses %j", async (path) => {
    using at = app();
    await expect(at.call("link", { drive: { m: path } })).rejects.toMatchObject({ code: "script-invalid" });
  });

  test("leaves environments where they are", async () => {
    using at = app();
    await at.call("link", { venv: "env" });
    expect(readdirSync(at.cwd)).toEqual([]);
  });
});

test("download wants an address and a place before it asks anybody", () => {
  const check = (params: unknown) => fs.download.params.safeParse(params).success;
  expect(check({ uri: "http://x/y" })).toBe(false);
  expect(check({ dir: "d" })).toBe(false);
  expect(check({ uri: ["http://x/y"], path: "d" })).toBe(false);
  expect(check({ url: "http://x/y", path: "d/x" })).toBe(true);
});

test("unzip of what is missing fails; open tells whoever watches", async () => {
  using at = app();
  await expect(at.call("unzip", { src: "none.zip" })).rejects.toThrow("not there");
  await at.call("open", { path: "x" });
  expect(at.context.told).toEqual([{ kind: "fs.open", params: { path: join(at.cwd, "x"), action: "view" } }]);
});

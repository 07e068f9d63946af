import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { hasSameScripts, readScripts, staysInside } from "../../../src/runtime/library/fingerprint.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const STEPS = '{"run": [{"method": "log"}]}';

function put(root: string, name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

function app(root: string): string {
  put(root, "pinokio.js", "module.exports = {}");
  return root;
}

const fingerprintOf = async (root: string) => (await readScripts(root)).fingerprint;

test.each([
  "helper.js",
  "lib/helper.cjs",
  "pinokio/bin/helper.mjs",
  "START.JS",
  "deep/down/below/helper.js",
  "env/helper.js",
])("a script %s belongs to what is agreed to, also beside what marks an environment", async (name) => {
  using folder = temporaryFolder();
  const root = app(folder.path);
  for (const mark of ["pyvenv.cfg", "conda-meta/x.json", "pinokio/pyvenv.cfg", "env/pyvenv.cfg"]) put(root, mark, "{}");
  const before = await fingerprintOf(root);
  put(root, name, "1");
  const first = await fingerprintOf(root);
  expect(first).not.toBe(before);
  put(root, name, "2");
  expect(await fingerprintOf(root)).not.toBe(first);
});

test.each([
  ["picture.png", "x"],
  ["env/lib/python3/x.js", "made by pip"],
  ["env/conda-meta/x.js", "made by conda"],
  ["node_modules/a/index.js", "made by npm"],
  [".git/hooks/x.js", "git's"],
  ["session.json", '{"url": "http://127.0.0.1", "list": [1, {"a": 2}]}'],
  ["ENVIRONMENT", "A=1"],
])("%s is none of the app's scripts", async (name, text) => {
  using folder = temporaryFolder();
  const root = app(folder.path);
  put(root, "env/pyvenv.cfg", "");
  const before = await fingerprintOf(root);
  put(root, name, text);
  expect(await fingerprintOf(root)).toBe(before);
});

test.each([
  ["start.json", STEPS],
  ["other.json", '{"update": [{"method": "shell.run"}]}'],
  ["noted.json", `// with a comment\n${STEPS}`],
  ["pinokio.json", '{"title": "x"}'],
  ["pinokio/pinokio_meta.json", "{}"],
])("%s is a script", async (name, text) => {
  using folder = temporaryFolder();
  const root = app(folder.path);
  const before = await fingerprintOf(root);
  put(root, name, text);
  expect(await fingerprintOf(root)).not.toBe(before);
});

test("links count with where they lead, and with what is there when that is in the app", async () => {
  using folder = temporaryFolder();
  const root = app(join(folder.path, "app"));
  const change = async (work: () => void) => {
    const before = await fingerprintOf(root);
    work();
    return (await fingerprintOf(root)) !== before;
  };
  put(folder.path, "outside/x.js", "1");
  put(root, "text.txt", "1");
  expect(await change(() => symlinkSync("../outside/x.js", join(root, "out.js")))).toBe(true);
  expect(await change(() => put(folder.path, "outside/x.js", "2"))).toBe(false);
  expect(await change(() => symlinkSync("text.txt", join(root, "in.js")))).toBe(true);
  expect(await change(() => put(root, "text.txt", "2"))).toBe(true);
  expect(await change(() => symlinkSync("../outside", join(root, "helpers")))).toBe(true);
  expect(await change(() => symlinkSync("nowhere", join(root, "broken.js")))).toBe(true);
  expect(await change(() => symlinkSync("text.txt", join(root, "other.txt")))).toBe(false);
});

test.each([
  ["a/x.js", "../b.js", true],
  ["x.js", "../app/b.js", false],
  ["x.js", "..b/c.js", true],
  ["x.js", "/etc/passwd", false],
  ["a/x.js", "../..", false],
])("the link %s to %s stays inside: %s", (path, target, inside) => {
  expect(staysInside(path, target)).toBe(inside);
});

test("a pipe is not waited for, and of a huge script the start and the size count", async () => {
  using folder = temporaryFolder();
  const root = app(folder.path);
  const before = await fingerprintOf(root);
  execFileSync("mkfifo", [join(root, "pipe.js")]);
  expect(await fingerprintOf(root)).toBe(before);
  put(root, "huge.js", "x");
  truncateSync(join(root, "huge.js"), 3_000_000_000);
  const huge = await fingerprintOf(root);
  truncateSync(join(root, "huge.js"), 3_000_000_001);
  expect(await fingerprintOf(root)).not.toBe(huge);
});

test("other work goes on while a large app is read", async () => {
  using folder = temporaryFolder();
  const root = app(folder.path);
  for (let number = 0; number < 300; number++) put(root, `models/${number}/part.bin`, "x");
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await readScripts(root);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});

test("after agreeing, changed scripts and new ones beside the launcher are noticed; what scripts make is not", async () => {
  using folder = temporaryFolder();
  const root = app(folder.path);
  put(root, "start.json", STEPS);
  put(root, "lib/helper.js", "1");
  put(root, "old.js", "1");
  put(root, "fetched/.git/HEAD", "x");
  put(root, "fetched/web/x.js", "1");
  const { files } = await readScripts(root);
  expect(Object.keys(files).sort()).toEqual(["lib/helper.js", "old.js", "pinokio.js", "start.json"]);
  const seen = new Map();
  const same = () => hasSameScripts(root, files, seen);
  expect(await same()).toBe(true);

  put(root, "session.json", "{}");
  put(root, "ENVIRONMENT", "A=1");
  put(root, "app/web/cloned.js", "1");
  put(root, "fetched/web/x.js", "2");
  rmSync(join(root, "old.js"));
  expect(await same()).toBe(true);

  for (const [name, text] of [
    ["start.json", STEPS.replace("log", "shell.run")],
    ["lib/helper.js", "2"],
    ["update.js", "1"],
    ["pinokio/pinokio.js", "1"],
    ["session.json", STEPS],
  ] as const) {
    const before = readOrNull(join(root, name));
    put(root, name, text);
    expect([name, await same()]).toEqual([name, false]);
    if (before === null) rmSync(join(root, name));
    else put(root, name, before);
    expect([name, await same()]).toEqual([name, true]);
  }
});

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

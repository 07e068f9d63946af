import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { copyApp } from "../../../src/runtime/library/copy-app.js";
import { readScripts } from "../../../src/runtime/library/fingerprint.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const NAME = AppId.parse("hello");
const agree = () => Promise.resolve();

function put(root: string, name: string, text = ""): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

function places() {
  const folder = temporaryFolder();
  const source = join(folder.path, "source");
  put(source, "pinokio.js", "1");
  return { folder, source, api: join(folder.path, "api"), [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("what is checked is the copy, before it is an app; a refused one leaves nothing", async () => {
  using at = places();
  const seen: string[][] = [];
  const refuse = (copy: string) => {
    seen.push(readdirSync(copy));
    expect(existsSync(join(at.api, NAME))).toBe(false);
    return Promise.reject(new Error("changed"));
  };
  await expect(copyApp(at.source, at.api, NAME, refuse)).rejects.toThrow("changed");
  expect(seen).toEqual([["pinokio.js"]]);
  expect(readdirSync(at.api)).toEqual([]);
  expect(await copyApp(at.source, at.api, NAME, agree)).toBe(join(at.api, NAME));
});

test("everything that is agreed to is copied; environments, pipes and caches are not", async () => {
  using at = places();
  for (const name of ["pyvenv.cfg", "lib/a.js", "env/pyvenv.cfg", "env/own.js", "env/lib/b.js", "node_modules/c.js"]) {
    put(at.source, name, "1");
  }
  put(at.source, ".git/HEAD", "x");
  execFileSync("mkfifo", [join(at.source, "pipe")]);
  symlinkSync("/dev/null", join(at.source, "models"));
  const copy = await copyApp(at.source, at.api, NAME, agree);
  expect(readdirSync(copy).sort()).toEqual([".git", "env", "lib", "models", "pinokio.js"]);
  expect(readdirSync(join(copy, "env"))).toEqual(["own.js"]);
  expect(readlinkSync(join(copy, "models"))).toBe("/dev/null");
  expect((await readScripts(copy)).fingerprint).toBe((await readScripts(at.source)).fingerprint);
});

test.each([
  ["start.js", "/etc/passwd"],
  ["install.json", "../outside.json"],
  ["pinokio/pinokio.js", "../../outside.js"],
  ["pinokio", "../outside"],
])("a launcher file %s that is a link to %s is refused", async (name, target) => {
  using at = places();
  mkdirSync(dirname(join(at.source, name)), { recursive: true });
  symlinkSync(target, join(at.source, name));
  await expect(copyApp(at.source, at.api, NAME, agree)).rejects.toMatchObject({ code: "app-invalid" });
  expect(existsSync(at.api)).toBe(false);
});

test("a source that is itself a link is copied like its folder, links within the app with it", async () => {
  using at = places();
  put(at.source, "scripts/start.js", "1");
  symlinkSync("scripts/start.js", join(at.source, "start.js"));
  symlinkSync(at.source, join(at.folder.path, "alias"));
  const copy = await copyApp(join(at.folder.path, "alias"), at.api, NAME, agree);
  expect(lstatSync(copy).isDirectory()).toBe(true);
  expect(readlinkSync(join(copy, "start.js"))).toBe("scripts/start.js");
});

test("other work goes on while an app is copied", async () => {
  using at = places();
  for (let number = 0; number < 300; number++) put(at.source, `models/${number}.bin`, "x");
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await copyApp(at.source, at.api, NAME, agree);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});

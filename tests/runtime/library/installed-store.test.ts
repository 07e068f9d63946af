import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { type InstalledApp, openInstalledStore } from "../../../src/runtime/library/installed-store.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { fill, mayMount, smallDisk } from "../../helpers/small-disk.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const HELLO = AppId.parse("hello");
const record: InstalledApp = {
  source: "/x",
  repository: "https://example.org/hello.git",
  branch: "main",
  commit: "c0ffee",
  needsLogin: false,
  package: "hello",
  studio: null,
  notBegun: null,
  wanted: true,
  state: "installed",
  installers: [{ text: "Install", script: "install.js", params: { size: "small" }, default: false }],
  agreed: "a",
  scripts: { "pinokio.js": "b" },
  installedAt: "",
};

test("what was set is there after opening it again", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "installed.json");
  openInstalledStore(file).set(HELLO, record);
  expect(openInstalledStore(file).get(HELLO)).toEqual(record);
});

test("a file that cannot be read is never written over", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "installed.json");
  mkdirSync(file);
  const store = openInstalledStore(file);
  expect(store.problem).toMatchObject({ code: "state-unreadable" });
  expect(() => store.set(HELLO, record)).toThrow(expect.objectContaining({ code: "state-unreadable" }));
  expect(store.get(HELLO)).toBeNull();
  expect(readdirSync(folder.path)).toEqual(["installed.json"]);
});

test("one that was set aside is begun anew", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "installed.json");
  writeFileSync(file, "{");
  const store = openInstalledStore(file);
  expect(store.problem).toMatchObject({ code: "state-unreadable" });
  store.set(HELLO, record);
  expect(openInstalledStore(file).get(HELLO)).toEqual(record);
});

test("a file of version 1 is read, and written as version 2", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "installed.json");
  const old = { source: "/x", state: "installed", installers: [], agreed: "a", scripts: {}, installedAt: "" };
  writeFileSync(file, JSON.stringify({ version: 1, apps: { hello: old } }));
  const store = openInstalledStore(file);
  expect(store.get(HELLO)).toEqual({
    ...old,
    repository: null,
    branch: null,
    commit: null,
    needsLogin: false,
    package: null,
    studio: null,
    notBegun: null,
    wanted: true,
  });
  store.set(HELLO, record);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ version: 2, apps: { hello: record } });
});

test("a file of a newer version is neither changed nor set aside", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "installed.json");
  writeFileSync(file, '{"version":3,"apps":{}}');
  const store = openInstalledStore(file);
  expect(store.problem?.message).toMatch(/newer PinokioCloud/);
  expect(() => store.set(HELLO, record)).toThrow(expect.objectContaining({ code: "state-unreadable" }));
  expect(readFileSync(file, "utf8")).toBe('{"version":3,"apps":{}}');
});

test("a file that was set aside is told of, by its name, until somebody has seen to it", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "installed.json");
  writeFileSync(file, "{");
  openInstalledStore(file);
  const [aside = ""] = readdirSync(folder.path);
  expect(openInstalledStore(file).problem).toMatchObject({
    message: expect.stringContaining("what was installed before is not known"),
    hint: expect.stringContaining(join(folder.path, aside)),
  });
  openInstalledStore(file).set(HELLO, record);
  expect(openInstalledStore(file).problem).toBeNull();
});

(mayMount ? test : test.skip)(
  "how an app stands is known on a full disk too, and is written when there is room, beside what came by hand",
  () => {
    using disk = smallDisk("1m");
    const file = join(disk.path, "installed.json");
    let waits = 0;
    const store = openInstalledStore(file, { onWaiting: () => void waits++ });
    store.set(HELLO, { ...record, state: "installing" });
    const text = readFileSync(file, "utf8");
    const makeRoom = fill(disk.path);
    store.noteState(HELLO, "install-failed");
    expect(store.get(HELLO)?.state).toBe("install-failed");
    expect(waits).toBe(1);
    expect(store.writeWaiting()).toBe(false);
    expect(readFileSync(file, "utf8")).toBe(text);
    makeRoom();
    writeFileSync(file, text.replace('"source": "/x"', '"source": "/by/hand"'));
    expect(store.writeWaiting()).toBe(true);
    expect(openInstalledStore(file).get(HELLO)).toEqual({ ...record, source: "/by/hand", state: "install-failed" });
  },
);

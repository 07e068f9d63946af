import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { type InstalledApp, openInstalledStore } from "../../../src/runtime/library/installed-store.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const HELLO = AppId.parse("hello");
const record: InstalledApp = {
  source: "/x",
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

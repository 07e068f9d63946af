import { expect, test } from "@jest/globals";
import { holdsLauncher, LauncherFolders, pathOnMachine } from "../../src/labextension/launcher-folder.js";

test.each([
  [["README.md", "pinokio.js"], true],
  [["pinokio.json"], true],
  [["pinokio", "app"], true],
  [["README.md", "my-pinokio.js"], false],
  [[], false],
])("a folder with %j holds a launcher: %s", (names, holds) => {
  expect(holdsLauncher(names)).toBe(holds);
});

test.each([
  ["/home/ada", "a/b", "/home/ada/a/b"],
  ["~/work/", "/a", "~/work/a"],
  ["/", "a", "/a"],
  ["/home/ada", "", "/home/ada"],
])("below %s the folder %s is %s", (root, path, expected) => {
  expect(pathOnMachine(root, path)).toBe(expected);
});

const entry = (name: string, last_modified = "1", type = "directory") => ({ name, type, last_modified });

test("which folders that are shown hold a launcher is asked once, and again when one of them has changed", async () => {
  const asked: string[] = [];
  let found = ["app"];
  const launchers = new LauncherFolders((folder) => {
    asked.push(folder);
    return Promise.resolve(found);
  });
  expect(launchers.mayHold("work/plain")).toBe(true); // nothing is known yet
  launchers.look("work", [entry("app"), entry("plain"), entry("a.txt", "1", "file")]);
  launchers.look("", [entry("a.txt", "1", "file")]);
  await Promise.resolve();
  expect([launchers.mayHold("work/app"), launchers.mayHold("work/plain")]).toEqual([true, false]);
  launchers.look("work", [entry("app"), entry("plain"), entry("a.txt", "2", "file")]);
  expect(asked).toEqual(["work"]);
  found = ["app", "plain"];
  launchers.look("work", [entry("app"), entry("plain", "2")]);
  await Promise.resolve();
  expect(asked).toEqual(["work", "work"]);
  expect(launchers.mayHold("work/plain")).toBe(true);
});

test("where it cannot be found out, every folder may hold one", async () => {
  const launchers = new LauncherFolders(() => Promise.reject(new Error("404")));
  launchers.look("", [entry("plain")]);
  await new Promise((resolve) => setTimeout(resolve));
  expect(launchers.mayHold("plain")).toBe(true);
});

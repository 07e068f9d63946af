import { expect, test } from "@jest/globals";
import { holdsLauncher, pathOnMachine } from "../../src/labextension/launcher-folder.js";

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

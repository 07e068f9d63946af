import { expect, test } from "@jest/globals";
import { hereFrom } from "../../../src/runtime/base/foreign-path.js";

test.each([
  ["C:\\x\\y", "/home/drive_c/x/y"],
  ["d:/models/a.bin", "/home/drive_d/models/a.bin"],
  ["C:\\..\\..\\etc", "/home/drive_c/etc"],
  ["\\temp\\x", "/home/drive_c/temp/x"],
  ["app\\models\\ck", "app/models/ck"],
  [".\\app", "./app"],
  ["/Users/me/app", "/home/drive_mac/Users/me/app"],
  ["/Volumes/Disk/x", "/home/drive_mac/Volumes/Disk/x"],
  ["/tmp/a\\b", "/tmp/a\\b"],
  ["~/api/app", "~/api/app"],
  ["app/models", "app/models"],
  ["https://host/o/n.git/start.json", "https://host/o/n.git/start.json"],
  ["c:", "c:"],
])("%s is %s", (path, here) => {
  expect(hereFrom(path, "/home", () => false)).toBe(here);
});

test("what is there on a Mac stays", () => {
  expect(hereFrom("/Users/me/app", "/home", (path) => path === "/Users")).toBe("/Users/me/app");
});

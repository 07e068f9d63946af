import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { listFolder } from "../../../src/runtime/storage/list-folder.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function folderWith(...names: string[]) {
  const folder = temporaryFolder();
  for (const name of names) {
    if (name.endsWith("/")) mkdirSync(join(folder.path, name));
    else writeFileSync(join(folder.path, name), "");
  }
  return folder;
}

const names = async (path: string, wishes = {}) => (await listFolder(path, wishes)).entries.map(({ name }) => name);

test("folders come first, numbers count, and what is hidden stays so", async () => {
  using folder = folderWith("b10.txt", "b2.txt", "zeta/", ".hidden", "Alpha/");
  expect(await names(folder.path)).toEqual(["Alpha", "zeta", "b2.txt", "b10.txt"]);
  expect(await names(folder.path, { hidden: true })).toContain(".hidden");
});

test("files are chosen by how they end, whatever the case; folders stay", async () => {
  using folder = folderWith("a.PNG", "b.jpg", "c.txt", "d/");
  expect(await names(folder.path, { endings: [".png", ".jpg"] })).toEqual(["d", "a.PNG", "b.jpg"]);
  expect(await names(folder.path, { endings: [] })).toEqual(["d"]);
});

test("links are what they lead to, and those that lead nowhere are left out", async () => {
  using folder = folderWith("real/");
  symlinkSync(join(folder.path, "real"), join(folder.path, "link"));
  symlinkSync(join(folder.path, "none"), join(folder.path, "broken"));
  expect((await listFolder(folder.path, {})).entries).toEqual([
    { name: "link", kind: "folder" },
    { name: "real", kind: "folder" },
  ]);
});

test("a full folder is cut, and that is said", async () => {
  using folder = folderWith(...Array.from({ length: 1_005 }, (_, index) => `${index}.txt`));
  const { entries, isCut } = await listFolder(folder.path, {});
  expect([entries.length, isCut]).toEqual([1_000, true]);
});

test("what is missing stands for the nearest folder above; the top has none above", async () => {
  using folder = folderWith("file.txt");
  expect((await listFolder(join(folder.path, "no/such"), {})).path).toBe(folder.path);
  expect((await listFolder(join(folder.path, "file.txt"), {})).path).toBe(folder.path);
  expect((await listFolder("/", {})).parent).toBeNull();
});

const asOwner = process.getuid?.() === 0 ? test.skip : test;
asOwner("one that may not be read is named", async () => {
  using folder = folderWith("locked/");
  chmodSync(join(folder.path, "locked"), 0);
  await expect(listFolder(join(folder.path, "locked"), {})).rejects.toThrow(/locked cannot be read/);
});

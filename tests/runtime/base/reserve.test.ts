import { existsSync, lstatSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { giveSomeReserve, keepReserve, withReserve, withReserveNow } from "../../../src/runtime/base/reserve.js";
import { moveToTrash, readTrashRecord } from "../../../src/runtime/base/trash.js";
import { fill, freeIn, mayMount, smallDisk } from "../../helpers/small-disk.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const MIB = 1024 ** 2;
const onDisk = mayMount ? test : test.skip;
const sizeIn = (home: string): number => lstatSync(join(home, "system/reserve"), { throwIfNoEntry: false })?.size ?? 0;

test("where there is room the reserve is made once, and stays while nobody needs it", async () => {
  using home = temporaryFolder();
  keepReserve(home.path);
  expect(sizeIn(home.path)).toBe(4 * MIB);
  const { ino } = lstatSync(join(home.path, "system/reserve"));
  await withReserve(home.path, () => Promise.resolve());
  keepReserve(home.path);
  expect(lstatSync(join(home.path, "system/reserve")).ino).toBe(ino);
});

onDisk("a small disk is left to others", () => {
  using disk = smallDisk("8m");
  keepReserve(disk.path);
  expect(existsSync(join(disk.path, "system"))).toBe(false);
});

onDisk(
  "on a full disk it makes room for who removes something, and what they leave of it is kept for the next",
  async () => {
    using disk = smallDisk("24m");
    keepReserve(disk.path);
    const makeRoom = fill(disk.path);
    const write = (name: string) => (): void => writeFileSync(join(disk.path, name), Buffer.alloc(MIB));
    expect(write("one")).toThrow(/ENOSPC/);
    withReserveNow(disk.path, write("two"));
    const left = sizeIn(disk.path);
    expect(left).toBeGreaterThan(2 * MIB);
    expect(left).toBeLessThan(3 * MIB);
    await withReserve(disk.path, () => Promise.resolve(write("three")()));
    expect(sizeIn(disk.path)).toBeLessThan(left);
    expect(write("four")).toThrow(/ENOSPC/);
    makeRoom();
    keepReserve(disk.path);
    expect(sizeIn(disk.path)).toBe(4 * MIB);
  },
);

onDisk("what a person moves to the trash on a full disk gets there", () => {
  using disk = smallDisk("24m");
  keepReserve(disk.path);
  fill(disk.path);
  const folder = moveToTrash(disk.path, [join(disk.path, "ballast")], { from: disk.path, why: "person" });
  expect(readTrashRecord(folder)).toMatchObject({ why: "person" });
  expect(existsSync(join(folder, "files/ballast"))).toBe(true);
});

onDisk("who begins on a full disk gets a little of it, and leaves the last for removals", () => {
  using disk = smallDisk("24m");
  keepReserve(disk.path);
  expect(giveSomeReserve(disk.path)).toBe(false);
  fill(disk.path);
  expect(giveSomeReserve(disk.path)).toBe(true);
  expect(freeIn(disk.path)).toBe(MIB);
  for (let times = 0; times < 10; times++) {
    fill(disk.path);
    giveSomeReserve(disk.path);
  }
  expect(sizeIn(disk.path)).toBe(MIB);
});

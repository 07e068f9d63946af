import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { isShortOfSpace, probeDisk } from "../../../src/runtime/storage/lacks.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const mount = (path: string, options: string): boolean =>
  spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]).status === 0;

const mayMount = ((): boolean => {
  using folder = temporaryFolder();
  const done = mount(folder.path, "size=1m");
  if (done) spawnSync("umount", ["-l", folder.path]);
  return done;
})();

test("a usual disk takes links and runs programs, and nothing of the probe stays", () => {
  using folder = temporaryFolder();
  expect(probeDisk(folder.path)).toEqual({ links: true, programs: true });
  expect(readdirSync(folder.path)).toEqual([]);
});

test("a folder that cannot be written says nothing of what its disk can do", () => {
  expect(probeDisk("/proc/self")).toEqual({ links: true, programs: true });
});

(mayMount ? test : test.skip)("links that are not followed are none, and a disk may run no programs", () => {
  using folder = temporaryFolder();
  expect(mount(folder.path, "size=1m,noexec,nosymfollow")).toBe(true);
  try {
    expect(probeDisk(folder.path)).toEqual({ links: false, programs: false });
  } finally {
    spawnSync("umount", ["-l", folder.path]);
  }
});

(mayMount ? test : test.skip)(
  "space is short in the last twentieth of a small disk, until there is clearly more again",
  () => {
    using folder = temporaryFolder();
    expect(mount(folder.path, "size=10m")).toBe(true);
    try {
      const isShort = (wasShort: boolean) => isShortOfSpace(folder.path, { wasShort });
      const leave = (megabytes: number) =>
        writeFileSync(join(folder.path, "ballast"), Buffer.alloc((10 - megabytes) * 1024 ** 2));
      expect(isShort(false)).toBe(false);
      leave(0.3);
      expect(isShort(false)).toBe(true);
      leave(0.55);
      expect([isShort(false), isShort(true)]).toEqual([false, true]);
    } finally {
      spawnSync("umount", ["-l", folder.path]);
    }
  },
);

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { moveTree } from "../../../src/runtime/base/move-path.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** A second disk, where there is one: what lies in memory. */
const OTHER_DISK = "/dev/shm";

async function twoDisks(use: (here: string, there: string) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  if (!existsSync(OTHER_DISK) || lstatSync(OTHER_DISK).dev === lstatSync(folder.path).dev) return;
  const there = mkdtempSync(join(OTHER_DISK, "pk-"));
  try {
    await use(folder.path, there);
  } finally {
    rmSync(there, { recursive: true, force: true });
  }
}

test("to another disk everything goes as it is: names, links, times, holes, permissions", async () => {
  await twoDisks(async (here, there) => {
    const from = join(here, "app");
    mkdirSync(join(from, "a folder\nwith a line"), { recursive: true });
    writeFileSync(join(from, "a folder\nwith a line", "file\n'\"*"), "content");
    writeFileSync(join(from, "script.sh"), "#!", { mode: 0o755 });
    linkSync(join(from, "script.sh"), join(from, "again.sh"));
    symlinkSync("/nowhere", join(from, "link"));
    writeFileSync(join(from, "sparse"), "x");
    truncateSync(join(from, "sparse"), 200 * 1024 * 1024);
    utimesSync(join(from, "script.sh"), 1_000_000, 2_000_000);
    chmodSync(join(from, "a folder\nwith a line"), 0o750);
    execFileSync("mkfifo", [join(from, "pipe")]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(from, "socket"), resolve));
    await moveTree(from, join(there, "app"));
    server.close();
    const at = (name: string): string => join(there, "app", name);
    expect(existsSync(from)).toBe(false);
    expect(readFileSync(at("a folder\nwith a line/file\n'\"*"), "utf8")).toBe("content");
    expect(lstatSync(at("a folder\nwith a line")).mode & 0o777).toBe(0o750);
    expect(lstatSync(at("script.sh"))).toMatchObject({ nlink: 2, mtimeMs: 2_000_000_000 });
    expect(lstatSync(at("script.sh")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(at("link"))).toBe("/nowhere");
    expect(lstatSync(at("sparse")).size).toBe(200 * 1024 * 1024);
    expect(lstatSync(at("sparse")).blocks).toBeLessThan(10_000);
    expect(existsSync(at("pipe")) || existsSync(at("socket"))).toBe(false);
    expect(readdirSync(there)).toEqual(["app"]);
  });
});

test("one that is ended in the middle leaves all of it where it was", async () => {
  await twoDisks(async (here, there) => {
    const from = join(here, "app");
    mkdirSync(from);
    for (let number = 0; number < 50; number++) writeFileSync(join(from, `${number}`), "x");
    const ending = new AbortController();
    let seen = 0;
    const onBytes = (): void => {
      if (++seen === 20) ending.abort(new Error("cancelled"));
    };
    await expect(moveTree(from, join(there, "app"), { signal: ending.signal, onBytes })).rejects.toThrow("cancelled");
    expect(readdirSync(from)).toHaveLength(50);
    expect(readdirSync(there)).toEqual([]);
  });
});

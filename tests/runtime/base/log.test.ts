import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openLog } from "../../../src/runtime/base/log.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("each line is JSON with time, level and facts, and only its owner may read it", () => {
  using folder = temporaryFolder();
  const log = openLog(join(folder.path, "logs", "a.log"), { now: () => new Date(0) });
  log.write("info", "started", { pid: 7 });
  expect(JSON.parse(readFileSync(log.file, "utf8"))).toEqual({
    at: "1970-01-01T00:00:00.000Z",
    level: "info",
    message: "started",
    pid: 7,
  });
  expect(statSync(log.file).mode & 0o777).toBe(0o600);
});

test("a log that grows is rotated, and three old files are kept", () => {
  using folder = temporaryFolder();
  const log = openLog(join(folder.path, "a.log"));
  const line = "x".repeat(1024 * 1024);
  for (let written = 0; written < 30; written++) log.write("info", line);
  expect([1, 2, 3, 4].map((number) => existsSync(`${log.file}.${number}`))).toEqual([true, true, true, false]);
  expect(statSync(log.file).size).toBeLessThan(5 * 1024 * 1024);
});

test("a log that cannot be written breaks nothing", () => {
  expect(() => openLog("/dev/null/nowhere/a.log").write("error", "lost")).not.toThrow();
});

test("no token is in a log, nor a password in an address", () => {
  using folder = temporaryFolder();
  const log = openLog(join(folder.path, "a.log"));
  log.write("error", `hf_${"aB3".repeat(10)}`, { error: "https://me:p4ss@w0rd@host/x is not there" });
  expect(JSON.parse(readFileSync(log.file, "utf8"))).toMatchObject({
    message: `hf_${"*".repeat(30)}`,
    error: `https://${"*".repeat(12)}@host/x is not there`,
  });
});

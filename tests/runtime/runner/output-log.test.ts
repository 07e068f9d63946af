import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { type OutputLimit, OutputLog, outputLimit } from "../../../src/runtime/runner/output-log.js";
import { outputSize, readOutputEnd } from "../../../src/runtime/base/output-parts.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";
import { until } from "../../helpers/test-runner.js";

function open(path: string, limit?: OutputLimit) {
  const told = { sizes: [] as number[], rooms: 0, losses: [] as string[] };
  const log = new OutputLog(
    path,
    {
      onSize: (bytes) => void told.sizes.push(bytes),
      onRoom: () => told.rooms++,
      onLoss: (reason) => void told.losses.push(reason),
    },
    limit,
  );
  return { log, told };
}

test("what is appended is in the file, in order, and its size is told", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "output.log");
  writeFileSync(path, "before ");
  const { log, told } = open(path);
  expect(log.size).toBe(7);
  for (let index = 0; index < 2_000; index++) log.print(`${index} `);
  expect([log.size, log.printed]).toEqual([7, 8_897]);
  await log.close();
  const text = readFileSync(path, "utf8");
  expect(text).toBe(`before ${Array.from({ length: 2_000 }, (_, index) => `${index} `).join("")}`);
  expect([told.sizes.at(-1), log.printed]).toEqual([text.length, text.length]);
});

test("more than the disk takes at once makes those who print wait, and tells them when there is room", async () => {
  using folder = temporaryFolder();
  const { log, told } = open(join(folder.path, "output.log"));
  const piece = Buffer.alloc(64 * 1024, "x");
  let pieces = 0;
  while (log.append(piece)) pieces++;
  expect(pieces).toBeGreaterThan(10);
  await log.flush();
  expect(told.rooms).toBe(1);
  expect(log.append(piece)).toBe(true);
  await log.close();
  expect(log.size).toBe((pieces + 2) * piece.length);
});

test("a full disk is told once and holds nobody up", async () => {
  const { log, told } = open("/dev/full");
  const piece = Buffer.alloc(1024 * 1024, "x");
  for (let round = 0; round < 10; round++) {
    log.append(piece);
    await log.flush();
  }
  expect(told.losses).toEqual(["the disk is full"]);
  expect(log.append(piece)).toBe(true);
  await log.close();
});

test("what is too much goes, the oldest first; the rest keeps its place", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "output.log");
  const limit = { partBytes: 100, parts: 3 };
  const { log } = open(path, limit);
  const line = (index: number): string => `line ${String(index).padStart(4, "0")}\n`;
  for (let index = 0; index < 100; index++) {
    log.print(line(index));
    await log.flush();
  }
  await log.close();
  expect(readdirSync(folder.path).sort()).toEqual(["output.log.700", "output.log.800", "output.log.900"]);
  expect({ told: log.size, found: outputSize(path) }).toEqual({ told: 1000, found: 1000 });
  expect(readOutputEnd(path, 25)).toEqual({ start: 975, bytes: Buffer.from(`0097\n${line(98)}${line(99)}`) });
  expect(readOutputEnd(path, 125).bytes.toString()).toBe(readOutputEnd(path, 10_000).bytes.toString().slice(-125));
  expect(readOutputEnd(path, 10_000).start).toBe(700);

  const again = open(path, limit);
  again.log.print("after\n");
  await again.log.close();
  expect(again.log.size).toBe(1006);
  expect(readOutputEnd(path, 8).bytes.toString()).toBe("9\nafter\n");
});

test("so many megabytes are kept in all, 256 unless somebody says otherwise", () => {
  const bytesOf = ({ partBytes, parts }: OutputLimit) => partBytes * parts;
  expect(bytesOf(outputLimit())).toBe(256 * 1024 ** 2);
  expect(bytesOf(outputLimit(64))).toBe(64 * 1024 ** 2);
});

test("when its folder is removed it goes on in a new one from there; when the one above is gone too, that is told", async () => {
  using folder = temporaryFolder();
  const run = join(folder.path, "runs/run");
  mkdirSync(run, { recursive: true });
  const { log, told } = open(join(run, "output.log"));
  const pause = () => new Promise((resolve) => setTimeout(resolve, 60)); // its size is told, and the file looked for
  log.print("before\n");
  await log.flush();
  rmSync(run, { recursive: true });
  await pause();
  log.print("lost\n");
  await log.flush();
  await pause();
  log.print("after\n");
  await log.flush();
  expect(readdirSync(run)).toEqual([expect.stringMatching(/^output\.log\.\d+$/)]);
  const { bytes, start } = readOutputEnd(join(run, "output.log"), 100);
  expect(bytes.toString()).toBe("after\n");
  expect(start + bytes.length).toBe(log.size);
  expect(told.losses).toEqual([]);

  rmSync(join(folder.path, "runs"), { recursive: true });
  await pause();
  log.print("x");
  await log.flush();
  await pause();
  log.print("y");
  await log.flush();
  expect(told.losses).toEqual(["its folder was removed"]);
  await log.close();
});

test("after a silence the size is told at once", async () => {
  using folder = temporaryFolder();
  const { log, told } = open(join(folder.path, "output.log"));
  log.print("x");
  await log.flush();
  expect(told.sizes).toEqual([1]);
  await log.close();
});

test("lines that follow each other closely are written together, and told with that write; whoever waits has them at once", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "output.log");
  const { log, told } = open(path);
  log.print("first\n");
  await log.flush();
  for (const line of ["a\n", "b\n", "c\n"]) {
    log.print(line);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await until(
    () => told.sizes.length,
    (count) => count > 1,
  );
  expect(told.sizes).toEqual([6, 12]);
  log.print("now\n");
  await log.flush();
  expect(readFileSync(path, "utf8")).toBe("first\na\nb\nc\nnow\n");
  log.print("last\n");
  await log.close();
  expect(told.sizes.at(-1)).toBe(21);
});

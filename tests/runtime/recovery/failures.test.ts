import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import type { Facts } from "../../../src/runtime/recovery/detector.js";
import { detectors } from "../../../src/runtime/recovery/detectors/index.js";
import { diagnose } from "../../../src/runtime/recovery/diagnose.js";
import { Failure } from "../../../src/runtime/protocol/failures.js";

// Every file is a case: its name begins with the code, its first lines say how it was made and what is to be said of it.
const FOLDER = fileURLToPath(new URL("../../fixtures/failures/", import.meta.url));
const NEAR_MISSES = join(FOLDER, "near-misses");

const NOTHING_KNOWN: Facts = {
  diskFreeBytes: null,
  memoryBytes: null,
  gpuName: null,
  gpuMemoryBytes: null,
  memoryKills: [],
  memoryLimit: null,
  hasInstallScript: true,
};

interface Case {
  says: string | undefined;
  failure: Failure | null;
  output: string;
}

async function read(file: string): Promise<Case> {
  const lines = readFileSync(file, "utf8").split("\n");
  const head: Record<string, string> = {};
  for (let line = lines[0]; line?.startsWith("# ") === true; line = lines[0]) {
    const [, name = "", value = ""] = /^# (\w+): (.*)$/.exec(line) ?? [];
    head[name] = value;
    lines.shift();
  }
  const output = lines.join("\n");
  const facts = { ...NOTHING_KNOWN, ...(JSON.parse(head["facts"] ?? "{}") as Partial<Facts>) };
  const exitCode = head["exit"] === undefined ? null : Number(head["exit"]);
  const end = { output: Buffer.from(output), offset: 0, exitCode, signal: null, error: null, facts };
  return { says: head["says"], failure: await diagnose(end), output };
}

const casesIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(".txt"));

test.each(casesIn(FOLDER))("%s", async (name) => {
  const { says, failure, output } = await read(join(FOLDER, name));
  expect(failure?.code).toBe(name.split(".")[0]);
  expect(failure?.sentence).toBe(says);
  expect(Failure.parse(failure)).toEqual(failure);
  if (failure?.line !== null && failure !== null) {
    expect(output.slice(Buffer.from(output).subarray(0, failure.line.offset).toString("utf8").length)).toContain(
      failure.line.text.trim().slice(0, 40),
    );
  }
});

test.each(casesIn(NEAR_MISSES))("nothing is seen in %s", async (name) => {
  expect((await read(join(NEAR_MISSES, name))).failure).toBeNull();
});

test("every failure has a case", () => {
  const told = new Set(casesIn(FOLDER).map((name) => name.split(".")[0]));
  expect(detectors.map(({ code }) => code).filter((code) => !told.has(code))).toEqual([]);
});

test("codes differ and read like words", () => {
  const codes = detectors.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter((code) => !/^[a-z]+(?:-[a-z]+)*$/.test(code))).toEqual([]);
});

test("every case says how it was made", () => {
  const silent = casesIn(FOLDER).filter((name) => !readFileSync(join(FOLDER, name), "utf8").startsWith("# made: "));
  expect(silent).toEqual([]);
});

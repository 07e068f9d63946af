import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { mkdirSync, writeFileSync } from "node:fs";
import { lookUp, TOOLS, toolNamed } from "../../../src/runtime/environments/tools.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test.each([
  ["ffmpeg", "ffmpeg"],
  ["p7zip", "7z"],
  ["gxx<12", "g++"],
  ["conda-forge::ffmpeg=7.0.2", "ffmpeg"],
  ["nvidia/label/cuda-12.1.0::cuda", "nvcc"],
  ["nodejs", "node"],
  ["Aria2", "aria2c"],
])("%s is %s", (name, program) => {
  expect(toolNamed(name)?.programs[0]).toBe(program);
});

test("every name stands for one line", () => {
  const names = TOOLS.flatMap(({ programs, alsoCalled = [] }) => [...programs, ...alsoCalled]);
  expect(new Set(names).size).toBe(names.length);
  expect(toolNamed("llvm-openmp")).toBeNull();
});

test("the machine's program wins over ours, and any of its names will do", () => {
  using folder = temporaryFolder();
  const [home, bin] = [join(folder.path, "home"), join(folder.path, "bin")];
  for (const path of [bin, join(home, "bin")]) mkdirSync(path, { recursive: true });
  const put = (path: string) => writeFileSync(path, "#!/bin/sh\n", { mode: 0o755 });
  put(join(home, "bin/node"));
  put(join(bin, "7zz"));
  const find = (name: string) => lookUp(toolNamed(name) ?? { programs: [name] }, home, bin);
  expect(find("node")).toEqual({ program: join(home, "bin/node"), isOurs: true });
  put(join(bin, "node"));
  expect(find("node")).toEqual({ program: join(bin, "node"), isOurs: false });
  expect(find("7z")?.program).toBe(join(bin, "7zz"));
  expect(find("ffmpeg")).toBeNull();
});

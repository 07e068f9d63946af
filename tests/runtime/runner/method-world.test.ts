import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { programsOf } from "../../../src/runtime/runner/method-world.js";
import { ProgramBounds } from "../../../src/runtime/runner/program-bounds.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const environmentFor = () => ({ PATH: process.env["PATH"] ?? "" });

test("a helper of a method is held to the limits of the run's programs, and answers as without them", async () => {
  using folder = temporaryFolder();
  const memory = join(folder.path, "memory");
  mkdirSync(memory);
  writeFileSync(join(memory, "cgroup.procs"), "");
  const bounds = new ProgramBounds({ groups: { trail: null, memory, cpu: null }, nice: 7 });
  const programs = programsOf({ signal: new AbortController().signal, environmentFor, bounds });
  // By the time it has read its input it has been told how much to yield.
  const args = ["-c", 'read line; sleep 0.2; echo "$line $0"; cut -d" " -f19 /proc/self/stat; exit 3', "it's *"];
  const answer = await programs.run({ program: "sh", args, cwd: folder.path, input: "said\n" });
  expect({ ...answer, stdout: String(answer.stdout), stderr: String(answer.stderr) }).toEqual({
    exitCode: 3,
    stdout: "said it's *\n7\n",
    stderr: "",
  });
  expect(readFileSync(join(memory, "cgroup.procs"), "utf8")).toBe("0\n");
});

test("a program that is not there is named, limits or not", () => {
  const bounds = new ProgramBounds({ groups: { trail: null, memory: "/nowhere", cpu: null }, nice: 0 });
  const programs = programsOf({ signal: new AbortController().signal, environmentFor, bounds });
  const run = () => programs.run({ program: "no-such-program", args: [], cwd: "/" });
  expect(run).toThrow("The program no-such-program was not found");
});

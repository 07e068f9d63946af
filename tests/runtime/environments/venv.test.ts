import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { venv } from "../../../src/runtime/environments/venv.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** A machine with these programs, which make an environment when they are listed as able to. */
function machine(folder: string, programs: readonly string[], able: readonly string[]) {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of programs) {
    writeFileSync(join(bin, name), "#!/bin/sh\n");
    chmodSync(join(bin, name), 0o755);
  }
  const runs: string[][] = [];
  const warnings: string[] = [];
  return {
    runs,
    warnings,
    tools: {
      searchPath: bin,
      warn: (message: string) => void warnings.push(message),
      run: (program: string, args: readonly string[]) => {
        const name = program.slice(bin.length + 1);
        runs.push([name, ...args.map((arg) => arg.replace(folder, "~"))]);
        if (!able.includes(name)) return Promise.resolve(1);
        mkdirSync(join(folder, "app/env/bin"), { recursive: true });
        writeFileSync(join(folder, "app/env/bin/python"), "");
        return Promise.resolve(0);
      },
    },
  };
}

const request = (folder: string, python: string | null = null) => ({
  path: join(folder, "app/env"),
  python,
  cwd: folder,
});

test("a missing environment is made with Python itself, an existing one is used as it is", async () => {
  using folder = temporaryFolder();
  const { tools, runs } = machine(folder.path, ["python3", "uv"], ["python3"]);
  const activation = await venv.prepare(request(folder.path), tools);
  expect(activation).toEqual({
    variables: { VIRTUAL_ENV: join(folder.path, "app/env") },
    without: ["PYTHONHOME"],
    path: [join(folder.path, "app/env/bin")],
  });
  await venv.prepare(request(folder.path, "3.11"), tools);
  expect(runs).toEqual([["python3", "-m", "venv", "~/app/env"]]);
});

test("where Python cannot, uv is tried, and the person is told", async () => {
  using folder = temporaryFolder();
  const { tools, runs, warnings } = machine(folder.path, ["python3", "uv"], ["uv"]);
  await venv.prepare(request(folder.path), tools);
  expect(runs.map(([name]) => name)).toEqual(["python3", "uv"]);
  expect(warnings).toHaveLength(1);
});

test("a version that is asked for is uv's affair", async () => {
  using folder = temporaryFolder();
  const { tools, runs } = machine(folder.path, ["python3", "uv"], ["uv"]);
  await venv.prepare(request(folder.path, "3.11"), tools);
  expect(runs).toEqual([["uv", "venv", "~/app/env", "--seed", "--python", "3.11"]]);
});

test("without any Python the person learns what to install", async () => {
  using folder = temporaryFolder();
  const { tools } = machine(folder.path, [], []);
  await expect(venv.prepare(request(folder.path), tools)).rejects.toMatchObject({ code: "tool-missing" });
});

test("when nothing can make it, the step fails with a hint", async () => {
  using folder = temporaryFolder();
  const { tools } = machine(folder.path, ["python3"], []);
  await expect(venv.prepare(request(folder.path), tools)).rejects.toMatchObject({ code: "step-failed" });
});

test("what an interrupted creation left is completed", async () => {
  using folder = temporaryFolder();
  const { tools, runs } = machine(folder.path, ["python3"], ["python3"]);
  mkdirSync(join(folder.path, "app/env"), { recursive: true });
  await venv.prepare(request(folder.path), tools);
  expect(runs).toHaveLength(1);
});

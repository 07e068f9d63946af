import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { venv } from "../../../src/runtime/environments/venv.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** A machine with these programs, which make an environment when they are listed as able to. */
function machine(folder: string, programs: readonly string[], able: readonly string[], canDownload = true) {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of programs) {
    writeFileSync(join(bin, name), "#!/bin/sh\n");
    chmodSync(join(bin, name), 0o755);
  }
  const runs: string[] = [];
  const warnings: string[] = [];
  return {
    runs,
    warnings,
    tools: {
      home: folder,
      searchPath: bin,
      signal: new AbortController().signal,
      condaSource: () => ({ url: "", sha256: null }),
      note: () => undefined,
      canDownloadPython: () => Promise.resolve(canDownload),
      // uv is asked for a Python that is here already
      ask: (_: string, args: readonly string[]) => {
        const isThere = args[0] === "-V" || programs.includes(`python${args.at(-1) ?? ""}`);
        return Promise.resolve({ exitCode: isThere ? 0 : 2, stdout: "" });
      },
      warn: (message: string) => void warnings.push(message.replaceAll(folder, "~")),
      run: (program: string, args: readonly string[]) => {
        const line = [program, ...args].join(" ").replaceAll(`${bin}/`, "").replaceAll(folder, "~");
        const short = line.replace(/^\/usr\/bin\/env -u UV_PYTHON_PREFERENCE UV_HTTP_TIMEOUT=\d+ /, "");
        runs.push(short);
        if (!able.some((start) => short.startsWith(start))) return Promise.resolve(1);
        mkdirSync(join(folder, "app/env/bin"), { recursive: true });
        writeFileSync(join(folder, "app/env/bin/python"), "");
        const version = /3\.\d+/.exec(short)?.[0] ?? "3.13";
        writeFileSync(join(folder, "app/env/pyvenv.cfg"), `home = /usr/bin\nversion = ${version}.7\n`);
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

test("a missing environment is made, an existing one is used as it is", async () => {
  using folder = temporaryFolder();
  const { tools, runs, warnings } = machine(folder.path, ["python3.10", "python3"], ["python3.10"]);
  const activation = await venv.prepare(request(folder.path), tools);
  expect(activation).toEqual({
    variables: { VIRTUAL_ENV: join(folder.path, "app/env") },
    without: ["PYTHONHOME"],
    path: [join(folder.path, "app/env/bin")],
  });
  await venv.prepare(request(folder.path, "3.11"), tools);
  expect(runs).toEqual(["python3.10 -m venv ~/app/env"]);
  expect(warnings).toEqual([]);
});

test("uv makes it with pip inside, and may use the system's Python", async () => {
  using folder = temporaryFolder();
  const { tools, runs } = machine(folder.path, ["uv", "python3.12"], ["uv"]);
  await venv.prepare(request(folder.path, "3.11"), tools);
  expect(runs).toEqual(["uv venv ~/app/env --seed --allow-existing --python 3.11"]);
});

test("a version that cannot be had is replaced by the nearest, and both are named", async () => {
  using folder = temporaryFolder();
  const { tools, runs, warnings } = machine(folder.path, ["python3.13", "python3.11", "python3"], ["python3.11"]);
  await venv.prepare(request(folder.path), tools);
  expect(runs).toEqual(["python3.11 -m venv ~/app/env"]);
  expect(warnings).toEqual([expect.stringMatching(/3\.10.*3\.11/)]);
});

test("where nothing can be downloaded uv is not made to try, and the nearest is used", async () => {
  using folder = temporaryFolder();
  const { tools, runs, warnings } = machine(folder.path, ["uv", "python3.12"], ["python3.12"], false);
  await venv.prepare(request(folder.path, "3.9"), tools);
  expect(runs).toEqual([
    "uv venv ~/app/env --seed --allow-existing --python python3.12",
    "python3.12 -m venv ~/app/env",
  ]);
  expect(warnings.at(-1)).toMatch(/3\.9 .*3\.12/);
});

test("what uv has already needs no download", async () => {
  using folder = temporaryFolder();
  const { tools, runs, warnings } = machine(folder.path, ["uv", "python3.9", "python3.12"], ["uv"], false);
  await venv.prepare(request(folder.path, "3.9"), tools);
  expect(runs).toEqual(["uv venv ~/app/env --seed --allow-existing --python 3.9"]);
  expect(warnings).toEqual([]);
});

test("a download that fails all the same is made good with the nearest", async () => {
  using folder = temporaryFolder();
  const { tools, runs, warnings } = machine(folder.path, ["uv", "python3.12"], ["python3.12"]);
  await venv.prepare(request(folder.path, "3.9"), tools);
  expect(runs).toEqual([
    "uv venv ~/app/env --seed --allow-existing --python 3.9",
    "uv venv ~/app/env --seed --allow-existing --python python3.12",
    "python3.12 -m venv ~/app/env",
  ]);
  expect(warnings.at(-1)).toMatch(/3\.9 .*3\.12/);
});

test("inside another environment its Python makes it", async () => {
  using folder = temporaryFolder();
  const { tools, runs } = machine(folder.path, ["uv", "python3", "python"], ["python "]);
  await venv.prepare({ ...request(folder.path), within: [join(folder.path, "bin")] }, tools);
  expect(runs).toEqual(["python -m venv ~/app/env"]);
});

test("without any Python it says what to install; when all fail it says so", async () => {
  using folder = temporaryFolder();
  await expect(venv.prepare(request(folder.path), machine(folder.path, [], []).tools)).rejects.toMatchObject({
    code: "tool-missing",
  });
  using other = temporaryFolder();
  const { tools } = machine(other.path, ["python3"], []);
  await expect(venv.prepare(request(other.path), tools)).rejects.toMatchObject({ code: "step-failed" });
});

test("what an interrupted creation left is completed", async () => {
  using folder = temporaryFolder();
  const { tools, runs } = machine(folder.path, ["python3"], ["python3"]);
  mkdirSync(join(folder.path, "app/env"), { recursive: true });
  await venv.prepare(request(folder.path), tools);
  expect(runs).toHaveLength(1);
});

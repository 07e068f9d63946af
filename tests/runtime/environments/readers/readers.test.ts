import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { condaReader } from "../../../../src/runtime/environments/readers/conda.js";
import { environmentReaders } from "../../../../src/runtime/environments/readers/index.js";
import { nodeModulesReader } from "../../../../src/runtime/environments/readers/node-modules.js";
import { venvReader } from "../../../../src/runtime/environments/readers/venv.js";
import { makeConda, makeVenv, writeAt } from "../../../helpers/environments.js";
import { temporaryFolder } from "../../../helpers/temporary-folder.js";
import { withoutRights } from "../../../helpers/without-rights.js";

const sitePackages = (env: string): string =>
  join(env, "lib", readdirSync(join(env, "lib")).find((name) => name.startsWith("python3")) ?? "", "site-packages");

const readerOf = (folder: string) =>
  environmentReaders.find((one) => one.isOne(folder, new Set(readdirSync(folder))))?.kind ?? null;

test("a venv tells its Python, its packages and what they bring", () => {
  using folder = temporaryFolder();
  const env = makeVenv(join(folder.path, "env"), ["torch==2.4.0+cu121", "Some-Tool==0.3"]);
  const { python, ...facts } = venvReader.facts(env);
  expect(python).toMatch(/^3\.\d+\.\d+$/);
  expect(facts).toEqual({
    packages: 2,
    tools: [
      { name: "torch", version: "2.4.0+cu121" },
      { name: "CUDA", version: "12.1" },
    ],
    problems: [],
  });
  expect(venvReader.packages(env)).toEqual([
    { name: "Some_Tool", version: "0.3", bytes: expect.any(Number), from: null },
    { name: "torch", version: "2.4.0+cu121", bytes: expect.any(Number), from: null },
  ]);
  expect(readerOf(env)).toBe("venv");
});

test("a package says where it comes from, without the token of the address", () => {
  using folder = temporaryFolder();
  const env = makeVenv(join(folder.path, "env"), ["one==1.0"]);
  writeFileSync(
    join(sitePackages(env), "one-1.0.dist-info", "direct_url.json"),
    JSON.stringify({ url: "https://me:secret@example.org/one.git", vcs_info: { commit_id: "0123456789abcdef" } }),
  );
  expect(venvReader.packages(env)[0]?.from).toBe("https://example.org/one.git at 0123456789");
});

test("what a venv tells is looked up again once something was installed into it", () => {
  using folder = temporaryFolder();
  const env = makeVenv(join(folder.path, "env"), ["one==1.0"]);
  const before = venvReader.stamp(env);
  expect(venvReader.stamp(env)).toBe(before);
  mkdirSync(join(sitePackages(env), "two-2.0.dist-info"));
  expect(venvReader.stamp(env)).not.toBe(before);
});

test("a venv whose Python is gone says which one", () => {
  using folder = temporaryFolder();
  const env = makeVenv(join(folder.path, "env"));
  rmSync(join(env, "bin", "python"));
  symlinkSync("/nowhere/bin/python3.10", join(env, "bin", "python"));
  expect(venvReader.facts(env).problems).toEqual(["Its Python is gone: /nowhere/bin/python3.10"]);
});

test("a Python that we may not look at is not called gone", async () => {
  using folder = temporaryFolder();
  const env = makeVenv(join(folder.path, "env"));
  const closed = join(folder.path, "closed");
  writeAt(join(closed, "python3.10"), "");
  for (const name of ["python", "python3"]) rmSync(join(env, "bin", name), { force: true });
  symlinkSync(join(closed, "python3.10"), join(env, "bin/python"));
  chmodSync(folder.path, 0o755);
  chmodSync(closed, 0o000);
  const { problems } = await withoutRights(() => venvReader.facts(env));
  expect(problems).toEqual([`Its Python is not ours to look at: ${join(closed, "python3.10")}`]);
  chmodSync(closed, 0o755);
});

test("a venv that was not finished is one, and says so", () => {
  using folder = temporaryFolder();
  const env = join(folder.path, "env");
  mkdirSync(join(env, "bin"), { recursive: true });
  writeFileSync(join(env, "CACHEDIR.TAG"), "");
  expect(readerOf(env)).toBe("venv");
  expect(venvReader.facts(env).problems).toEqual(["It was not finished: pyvenv.cfg is missing"]);
});

test("packages that are only partly there are told", () => {
  using folder = temporaryFolder();
  const env = makeVenv(join(folder.path, "env"), ["one==1.0"]);
  mkdirSync(join(sitePackages(env), "~wo-2.0.dist-info"));
  rmSync(join(sitePackages(env), "one-1.0.dist-info", "METADATA"));
  expect(venvReader.facts(env).problems).toEqual([
    "pip was interrupted: ~wo-2.0.dist-info is a part of a package",
    "The package one is not wholly there: it has no METADATA",
  ]);
});

test("a venv that was moved says what its programs were made for", () => {
  using folder = temporaryFolder();
  const made = makeVenv(join(folder.path, "env"));
  const moved = join(folder.path, "moved");
  renameSync(made, moved);
  expect(venvReader.facts(moved).problems).toEqual([
    `It was made for ${made}: programs in its bin folder run the Python there`,
  ]);
});

test("nothing of an environment is run: a Python that would tell is never asked", () => {
  using folder = temporaryFolder();
  const env = makeVenv(join(folder.path, "env"), ["one==1.0"]);
  const trap = join(folder.path, "was-run");
  rmSync(join(env, "bin", "python"));
  writeFileSync(join(env, "bin", "python"), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 });
  venvReader.facts(env);
  venvReader.packages(env);
  expect(readdirSync(folder.path)).not.toContain("was-run");
});

test("a conda environment tells conda's packages and those of pip, each once", () => {
  using folder = temporaryFolder();
  const env = makeConda(join(folder.path, "env"), ["python==3.10.20", "nodejs==22.1.0", "numpy==1.26.4"]);
  for (const [name, by] of [
    ["numpy-1.26.4", "conda"],
    ["gradio-4.1", "pip"],
  ]) {
    writeAt(join(env, `lib/python3.10/site-packages/${name}.dist-info/METADATA`), "");
    writeAt(join(env, `lib/python3.10/site-packages/${name}.dist-info/INSTALLER`), `${by}\n`);
  }
  expect(condaReader.facts(env)).toEqual({
    python: "3.10.20",
    packages: 4,
    tools: [{ name: "node", version: "22.1.0" }],
    problems: [],
  });
  expect(condaReader.packages(env).map(({ name, version, bytes }) => [name, version, bytes])).toEqual([
    ["gradio", "4.1", null],
    ["nodejs", "22.1.0", 1000],
    ["numpy", "1.26.4", 1000],
    ["python", "3.10.20", 1000],
  ]);
  expect(readerOf(env)).toBe("conda");
});

test("a conda environment without its Python, or without anything, says so", () => {
  using folder = temporaryFolder();
  const env = makeConda(join(folder.path, "env"), ["python==3.10.20"]);
  rmSync(join(env, "bin", "python"));
  expect(condaReader.facts(env).problems).toEqual(["Its Python is gone: bin/python"]);
  const empty = makeConda(join(folder.path, "empty"), []);
  expect(condaReader.facts(empty).problems).toEqual(["It was not finished: conda-meta lists no package"]);
});

test("packages of Node are those that npm has put there", () => {
  using folder = temporaryFolder();
  for (const name of ["one", "two"]) {
    writeAt(join(folder.path, name, "package.json"), JSON.stringify({ name, version: "1.2.3" }));
  }
  writeAt(join(folder.path, "app", "package.json"), JSON.stringify({ dependencies: { one: "file:../one" } }));
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--install-links"], {
    cwd: join(folder.path, "app"),
    env: { ...process.env, npm_config_cache: join(folder.path, "cache"), npm_config_offline: "true" },
  });
  const modules = join(folder.path, "app", "node_modules");
  expect(readerOf(modules)).toBe("node");
  expect(nodeModulesReader.packages(modules)).toEqual([
    { name: "one", version: "1.2.3", bytes: null, from: expect.stringContaining("one") },
  ]);
  expect(nodeModulesReader.facts(modules)).toMatchObject({ packages: 1, tools: [{ name: "npm" }], problems: [] });
  writeAt(join(folder.path, "app", "package.json"), JSON.stringify({ dependencies: { one: "1", two: "2" } }));
  mkdirSync(join(modules, ".two-AbCd1234"));
  expect(nodeModulesReader.facts(modules).problems).toEqual([
    "npm was interrupted: .two-AbCd1234 is a part of a package",
    "package.json asks for two, not installed here",
  ]);
});

test("packages that pnpm or nobody known has put there are counted too", () => {
  using folder = temporaryFolder();
  const pnpm = join(folder.path, "one", "node_modules");
  writeAt(join(pnpm, ".modules.yaml"), "packageManager: pnpm@9.1.0\n");
  for (const name of ["@types+node@20.1.0", "vite@5.0.1_less@4.0.0", "node_modules"]) {
    mkdirSync(join(pnpm, ".pnpm", name), { recursive: true });
  }
  expect(nodeModulesReader.packages(pnpm).map(({ name, version }) => `${name} ${version}`)).toEqual([
    "@types/node 20.1.0",
    "vite 5.0.1",
  ]);
  expect(nodeModulesReader.facts(pnpm).tools).toEqual([{ name: "pnpm", version: "9.1.0" }]);
  const plain = join(folder.path, "two", "node_modules");
  writeAt(join(plain, "@scope/one/package.json"), JSON.stringify({ version: "1.0.0" }));
  expect(nodeModulesReader.packages(plain)).toEqual([
    { name: "@scope/one", version: "1.0.0", bytes: null, from: null },
  ]);
});

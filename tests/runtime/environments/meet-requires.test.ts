import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { meetRequires, type RequiresTools } from "../../../src/runtime/environments/meet-requires.js";
import { environmentTools } from "../../helpers/environment-tools.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const facts = { platform: "linux", arch: "x64", gpu: "none" };
const FFMPEG = [{ type: "conda", name: "ffmpeg", args: "-c conda-forge" }];
const APT = { "apt-get": "stand-in-apt-get.sh" };
const CONDA = { conda: "stand-in-micromamba.sh" };
const INSTALL = ["apt-get update -q", "apt-get install -y -q --no-install-recommends ffmpeg"];

/** Only what is in the test's own folder is found; what stand-ins need themselves is not looked for. */
function machine(
  folder: string,
  standIns: Record<string, string>,
  more: Partial<RequiresTools> & { env?: Record<string, string> } = {},
) {
  const base = environmentTools(folder, { standIns, ...(more.env === undefined ? {} : { env: more.env }) });
  const bin = join(folder, "tools");
  const tools = { ...base, searchPath: bin, rule: () => "always" as const, askPerson: null, isRoot: true, ...more };
  return { ...tools, run: withPath(bin, base.run), ask: base.ask };
}

const withPath =
  (bin: string, run: RequiresTools["run"]): RequiresTools["run"] =>
  (program, args, cwd) =>
    run("/usr/bin/env", [`PATH=${bin}:/usr/bin:/bin`, program, ...args], cwd);

test("a program on PATH counts, whatever the author's way to get it", async () => {
  using folder = temporaryFolder();
  const tools = machine(folder.path, { ...APT, ffmpeg: "stand-in-sudo.sh" });
  await meetRequires(FFMPEG, facts, tools);
  expect([tools.calls(), tools.warnings]).toEqual([[], []]);
});

test("as root the system's package manager is next, and conda is not asked", async () => {
  using folder = temporaryFolder();
  const tools = machine(folder.path, { ...APT, ...CONDA });
  await meetRequires(FFMPEG, facts, tools);
  expect([tools.calls(), tools.warnings]).toEqual([INSTALL, []]);
});

test("with sudo that asks for no password too", async () => {
  using folder = temporaryFolder();
  const tools = machine(folder.path, { ...APT, sudo: "stand-in-sudo.sh" }, { isRoot: false });
  await meetRequires(FFMPEG, facts, tools);
  expect([tools.calls(), tools.warnings]).toEqual([INSTALL, []]);
});

test("where neither may be used, conda brings what the author wanted from conda", async () => {
  using folder = temporaryFolder();
  const tools = machine(
    folder.path,
    { ...APT, ...CONDA, sudo: "stand-in-sudo.sh" },
    { isRoot: false, env: { SUDO_ASKS: "1" } },
  );
  await meetRequires(FFMPEG, facts, tools);
  expect(tools.calls()).toEqual(["install -y ffmpeg -c conda-forge"]);
  expect(tools.warnings).toEqual([]);
});

test("what apt cannot bring conda does", async () => {
  using folder = temporaryFolder();
  const tools = machine(folder.path, { ...APT, ...CONDA }, { env: { APT_FAILS: "1" } });
  await meetRequires(FFMPEG, facts, tools);
  expect(tools.calls()).toEqual([...INSTALL, "install -y ffmpeg -c conda-forge"]);
});

test("what cannot be had is said and keeps nothing from starting; conda is not fetched for a bundle", async () => {
  using folder = temporaryFolder();
  const tools = machine(folder.path, {});
  await meetRequires({ bundle: "network" }, facts, tools);
  expect(tools.warnings).toContain("This script asks for git, which is not here and could not be had");
  expect(existsSync(join(tools.home, "bin"))).toBe(false);
});

test("without conda and without a network to fetch it from, the warning says what to do", async () => {
  using folder = temporaryFolder();
  const tools = machine(
    folder.path,
    {},
    { condaSource: () => ({ url: "http://127.0.0.1:9/micromamba", sha256: "0" }) },
  );
  await meetRequires([{ type: "conda", name: "llvm-openmp" }], facts, tools);
  expect(tools.warnings.join("\n")).toMatch(/could not be fetched.*settings\.json.*\n.*llvm-openmp/s);
});

test("a library that conda has brought is not brought again", async () => {
  using folder = temporaryFolder();
  const tools = machine(folder.path, CONDA);
  mkdirSync(join(tools.home, "bin/miniforge/conda-meta"), { recursive: true });
  writeFileSync(join(tools.home, "bin/miniforge/conda-meta/llvm-openmp-19.1-0.json"), "{}");
  await meetRequires([{ type: "conda", name: "llvm-openmp" }], facts, tools);
  expect(tools.calls()).toEqual([]);
});

describe("consent to change the system", () => {
  const asked: unknown[] = [];
  const asking = (answer: unknown): Partial<RequiresTools> => ({
    rule: () => "ask",
    askPerson: (params) => {
      asked.push(params);
      return Promise.resolve(answer);
    },
  });

  test.each([[{ choice: "install" }], ["install"], [true]])("%j is one", async (answer) => {
    using folder = temporaryFolder();
    const tools = machine(folder.path, APT, asking(answer));
    await meetRequires(FFMPEG, facts, tools);
    expect(tools.calls()).toEqual(INSTALL);
    expect(asked.pop()).toMatchObject({ description: expect.stringContaining("apt-get install ffmpeg") });
  });

  test("a no is kept: nobody is asked again for the same", async () => {
    using folder = temporaryFolder();
    const tools = machine(folder.path, { ...APT, ...CONDA }, asking({ choice: "skip" }));
    await meetRequires([{ name: "ffmpeg" }], facts, tools);
    await meetRequires([{ name: "ffmpeg" }], facts, tools);
    expect([asked.splice(0).length, tools.calls()]).toEqual([1, []]);
    await meetRequires([{ name: "tmux" }], facts, tools);
    expect(asked.splice(0)).toHaveLength(1);
  });

  test("where nobody can be asked it says how to allow it", async () => {
    using folder = temporaryFolder();
    const tools = machine(folder.path, APT, { rule: () => "ask", askPerson: null });
    await meetRequires([{ name: "ffmpeg" }], facts, tools);
    expect(tools.calls()).toEqual([]);
    expect(tools.warnings[0]).toMatch(/apt-get install ffmpeg.*systemPackages/);
  });

  test("never is never", async () => {
    using folder = temporaryFolder();
    const tools = machine(folder.path, APT, {
      rule: () => "never",
      askPerson: () => Promise.reject(new Error("asked")),
    });
    await meetRequires([{ name: "ffmpeg" }], facts, tools);
    expect(tools.calls()).toEqual([]);
  });
});

import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "@jest/globals";
import { findProgram } from "../../../src/runtime/base/find-program.js";
import { testHome, until } from "../../helpers/command-line.js";
import { fileServer } from "../../helpers/file-server.js";

const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;
const MICROMAMBA = readFileSync(join(PROGRAMS, "stand-in-micromamba.sh"));
const OWN_TOOLS = new URL("../../../.venv/bin", import.meta.url).pathname;
const uv = findProgram("uv", [OWN_TOOLS, process.env["PATH"]].join(delimiter));

/** A home for one script, `api/app/start.json`, on a machine with little on its PATH. */
function machine() {
  const home = testHome();
  const tools = join(home.path, "..", "tools");
  const app = join(home.path, "api/app");
  for (const path of [tools, app]) mkdirSync(path, { recursive: true });
  if (uv !== null) symlinkSync(uv, join(tools, "uv"));
  for (const name of ["apt-get", "sudo"]) {
    cpSync(join(PROGRAMS, `stand-in-${name}.sh`), join(tools, name));
    chmodSync(join(tools, name), 0o755);
  }
  const calls = join(home.path, "..", "calls");
  const env = { PATH: `${tools}:/usr/bin:/bin`, HOME: join(home.path, ".."), UV_OFFLINE: "1", CALLS: calls };
  return {
    path: (...parts: string[]) => join(home.path, ...parts),
    settings: (settings: unknown) => writeFileSync(join(home.path, "settings.json"), JSON.stringify(settings)),
    app,
    start: (script: object) => {
      writeFileSync(join(app, "start.json"), JSON.stringify(script));
      return home.runWith(env, "script", "run", join(app, "start.json"));
    },
    run: (...args: string[]) => home.runWith(env, ...args),
    /** What the system's package manager was called for. */
    installed: () => (existsSync(calls) ? readFileSync(calls, "utf8") : "").match(/(?<=^apt-get install ).*/gm) ?? [],
    read: (name: string) => readFileSync(join(app, name), "utf8").trim().replaceAll(home.path, "~"),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

const shell = (message: unknown, more = {}) => ({ method: "shell.run", params: { message, ...more } });

async function publisher() {
  let asked = 0;
  const server = await fileServer((request, response) => {
    if (request.url?.endsWith(".sha256"))
      return void response.end(createHash("sha256").update(MICROMAMBA).digest("hex"));
    asked++;
    return void response.end(MICROMAMBA);
  });
  return {
    settings: { condaUrl: `${server.url}/micromamba-linux-64` },
    get asked() {
      return asked;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

test("conda is fetched when a command first uses it, and what it brings is there for later steps", async () => {
  await using conda = await publisher();
  await using at = machine();
  at.settings(conda.settings);
  const { code, err } = await at.start({
    run: [
      shell("echo none > none.txt"),
      shell("conda install -y -c conda-forge tiny-tool && conda env list > list.txt"),
      shell("tiny-tool > said.txt"),
      shell("tiny-own > own.txt", { conda: { path: "env", python: "3.11", args: "tiny-own" } }),
      shell(["conda install -y python=3.12", "echo $CONDA_DEFAULT_ENV > after.txt"]),
      shell("conda create -y -n named tiny && conda activate named && echo $CONDA_DEFAULT_ENV > named.txt"),
    ],
  });
  expect([code, err]).toEqual([0, ""]);
  expect(at.read("said.txt")).toBe("tiny-tool of ~/bin/miniforge");
  expect(at.read("list.txt")).toBe("base ~/bin/miniforge");
  expect(at.read("own.txt")).toBe("tiny-own of ~/api/app/env");
  expect(at.read("named.txt")).toBe("named");
  expect(conda.asked).toBe(1);
});

test("a program that a command starts gets its conda too", async () => {
  await using conda = await publisher();
  await using at = machine();
  at.settings(conda.settings);
  writeFileSync(join(at.app, "setup.sh"), "conda install -y tiny-tool && conda --version > version.txt\n");
  const { code } = await at.start({ run: [shell("bash setup.sh"), shell("tiny-tool > said.txt")] });
  expect([code, at.read("said.txt"), at.read("version.txt")]).toEqual([
    0,
    "tiny-tool of ~/bin/miniforge",
    "conda 2.3.3",
  ]);
});

test("a script that never uses conda pays nothing for it", async () => {
  await using conda = await publisher();
  await using at = machine();
  at.settings(conda.settings);
  expect((await at.start({ run: [shell("echo x"), shell("echo y", { conda: { skip: true } })] })).code).toBe(0);
  expect(conda.asked).toBe(0);
  expect(readdirSync(at.path("bin"))).not.toContain("miniforge");
  expect(existsSync(at.path("condarc"))).toBe(false);
});

test("without a network for conda the run says what to do", async () => {
  await using at = machine();
  at.settings({ condaUrl: "http://127.0.0.1:9/micromamba", condaSha256: "0".repeat(64) });
  const { code, err } = await at.start({ run: [shell("x", { conda: "env" })] });
  expect(code).toBe(1);
  expect(err).toMatch(/needs conda, and it could not be fetched[^]*settings\.json/);
});

test("a real environment is made with what is here, and a version that is not is named with the one that is", async () => {
  await using at = machine();
  const { code, out } = await at.start({
    run: [
      shell("python -c 'import sys; print(sys.prefix)' > prefix.txt", { venv: "env", venv_python: "3.4" }),
      shell("pip --version > pip.txt", { venv: "env" }),
    ],
  });
  expect([code, at.read("prefix.txt")]).toEqual([0, "~/api/app/env"]);
  expect(at.read("pip.txt")).toContain("~/api/app/env/");
  expect(out).toMatch(/Python 3\.4 cannot be had here: \S+ gets Python 3\.\d+/);
});

test("what a script requires is looked for, and nobody is asked for it on the command line", async () => {
  await using at = machine();
  const { code, out } = await at.start({
    requires: [{ type: "conda", name: "git" }, { name: "no-such-tool" }, { platform: "win32", name: "vs" }],
    run: [shell("echo done > done.txt")],
  });
  expect([code, at.read("done.txt")]).toEqual([0, "done"]);
  expect(out).toContain("This script asks for no-such-tool");
  expect(out).not.toMatch(/asks for (?:git|vs)/);
});

const OWN_PROGRAM = {
  requires: [{ type: "apt", name: "own-program" }],
  run: [shell("own-program && echo done > done.txt")],
};

test("whoever can be asked is asked before the system is changed", async () => {
  await using at = machine();
  expect((await at.start(OWN_PROGRAM)).out).toMatch(/nobody was asked: .*apt-get install own-program/);
  expect(at.installed()).toEqual([]);
  const source = at.path("..", "other");
  mkdirSync(source);
  writeFileSync(join(source, "pinokio.js"), 'module.exports = { title: "Other", menu: [] };');
  writeFileSync(join(source, "start.json"), JSON.stringify(OWN_PROGRAM));
  expect((await at.run("install", source, "--yes")).code).toBe(0);
  await at.run("run", "other", "start.json", "--detach");
  const asked = await until(
    () => at.run("answer", "other", "--json"),
    ({ out }) => out.includes("apt-get install own-program"),
  );
  expect(asked.code).toBe(3);
  expect((await at.run("answer", "other", '{"choice":"install"}')).code).toBe(0);
  await until(() => existsSync(at.path("api/other/done.txt")), Boolean);
  expect(at.installed()).toEqual(["-y -q --no-install-recommends own-program"]);
});

test("with the settings' leave nobody is asked", async () => {
  await using at = machine();
  at.settings({ systemPackages: "always" });
  expect((await at.start(OWN_PROGRAM)).code).toBe(0);
  expect(at.read("done.txt")).toBe("done");
});

test("our programs are behind the machine's on PATH, and the table is told", async () => {
  await using at = machine();
  await at.start({ run: [shell("command -v hf conda uv > found.txt")] });
  await until(() => existsSync(at.path("bin/conda")), Boolean);
  const found = at.read("found.txt").split("\n");
  expect(found).toContain("~/bin/conda");
  expect(found.some((program) => program.endsWith("/tools/uv"))).toBe(true);
  const listed = JSON.parse((await at.run("tools", "--json")).out) as { name: string; program: string | null }[];
  expect(listed.find(({ name }) => name === "git")?.program).toBe("/usr/bin/git");
  expect(listed.find(({ name }) => name === "conda")?.program).toBe(at.path("bin/conda"));
});

test("a package that is installed for all is a program of later steps, with the npm that is here or ours", async () => {
  await using at = machine();
  const tool = join(at.app, "tool");
  mkdirSync(tool);
  writeFileSync(
    join(tool, "package.json"),
    JSON.stringify({ name: "t", version: "1.0.0", bin: { "own-tool": "t.js" } }),
  );
  writeFileSync(join(tool, "t.js"), "#!/usr/bin/env node\nconsole.log(process.version)\n");
  const npm = at.path("bin/shims/npm");
  const { code } = await at.start({
    run: [shell(`'${npm}' install -g --offline ./tool`), shell("own-tool > said.txt")],
  });
  expect(code).toBe(0);
  expect(at.read("said.txt")).toMatch(/^v\d+/);
});

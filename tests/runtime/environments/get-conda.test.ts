import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { conda } from "../../../src/runtime/environments/conda.js";
import { getConda, usualCondaSource } from "../../../src/runtime/environments/get-conda.js";
import { environmentTools } from "../../helpers/environment-tools.js";
import { fileServer } from "../../helpers/file-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const MICROMAMBA = readFileSync(new URL("../../fixtures/programs/stand-in-micromamba.sh", import.meta.url));
const SUM = createHash("sha256").update(MICROMAMBA).digest("hex");
const CUT = 200;

/** Publishes micromamba and its checksum, or something else in its place; `cuts` connections end too early. */
async function publisher({ sum = SUM, cuts = 0, body = MICROMAMBA as Uint8Array, name = "micromamba" } = {}) {
  const asked: string[] = [];
  const server = await fileServer((request, response) => {
    const range = /bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1];
    asked.push(`${request.url ?? ""}${range === undefined ? "" : ` from ${range}`}`);
    if (request.url === `/${name}.sha256`) return void response.end(`${sum}  ${name}\n`);
    const from = Number(range ?? 0);
    const length = { "content-length": body.length - from, etag: '"1"' };
    const more = range === undefined ? {} : { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` };
    response.writeHead(range === undefined ? 200 : 206, { ...length, ...more });
    if (cuts-- <= 0) return void response.end(body.subarray(from));
    response.write(body.subarray(from, from + CUT));
    return void setTimeout(() => response.destroy(), 20);
  });
  const source = { url: `${server.url}/${name}`, sha256: null };
  return { asked, source, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test("it is fetched once, checked, and has a base environment with the usual Python", async () => {
  using folder = temporaryFolder();
  await using at = await publisher();
  const tools = environmentTools(folder.path, { condaSource: () => at.source });
  const program = await getConda(tools);
  expect(program).toBe(join(tools.home, "bin/miniforge/condabin/conda"));
  expect(await getConda(tools)).toBe(program);
  expect(at.asked.filter((path) => path === "/micromamba")).toHaveLength(1);
  expect(tools.calls()).toEqual(["install -y -p ~/home/bin/miniforge python=3.10.20 pip"]);
  expect(readFileSync(join(tools.home, "condarc"), "utf8")).toContain("- conda-forge");
  expect(readFileSync(join(tools.home, "bin/miniforge/conda-meta/pinned"), "utf8")).toBe("python 3.10.*\n");
});

test("what arrived before the connection was lost is kept", async () => {
  using folder = temporaryFolder();
  await using at = await publisher({ cuts: 1 });
  await getConda(environmentTools(folder.path, { condaSource: () => at.source }));
  expect(at.asked).toContain(`/micromamba from ${CUT}`);
});

test("another file than the one that was published is refused", async () => {
  using folder = temporaryFolder();
  await using at = await publisher({ sum: "0".repeat(64) });
  const tools = environmentTools(folder.path, { condaSource: () => at.source });
  await expect(getConda(tools)).rejects.toMatchObject({
    code: "tool-missing",
    message: expect.stringContaining("SHA-256"),
    hint: expect.stringContaining("condaUrl"),
  });
  expect(existsSync(join(tools.home, "bin/miniforge/condabin/micromamba"))).toBe(false);
});

test("a checksum in the settings wins over the one beside the file", async () => {
  using folder = temporaryFolder();
  await using at = await publisher({ sum: "nothing" });
  const tools = environmentTools(folder.path, { condaSource: () => ({ ...at.source, sha256: SUM }) });
  await expect(getConda(tools)).resolves.toContain("condabin/conda");
});

test("where nothing can be fetched it says what to do", async () => {
  using folder = temporaryFolder();
  const gone = await publisher();
  await gone[Symbol.asyncDispose]();
  const tools = environmentTools(folder.path, { condaSource: () => gone.source, signal: new AbortController().signal });
  await expect(getConda(tools)).rejects.toMatchObject({
    code: "tool-missing",
    message: expect.stringContaining("could not be fetched"),
    hint: expect.stringContaining("settings.json"),
  });
});

test("Miniforge's installer is run", async () => {
  using folder = temporaryFolder();
  const body = Buffer.from(
    'mkdir -p "$3/bin" "$3/conda-meta"; echo "#!/bin/sh" > "$3/bin/conda"; chmod +x "$3/bin/conda"',
  );
  await using at = await publisher({
    body,
    name: "Miniforge3.sh",
    sum: createHash("sha256").update(body).digest("hex"),
  });
  const tools = environmentTools(folder.path, { condaSource: () => at.source });
  expect(await getConda(tools)).toBe(join(tools.home, "bin/miniforge/bin/conda"));
  expect(readFileSync(join(tools.home, "condarc"), "utf8")).toContain("- python=3.10.20");
});

test("two that ask at once fetch it once", async () => {
  using folder = temporaryFolder();
  await using at = await publisher();
  const tools = environmentTools(folder.path, { condaSource: () => at.source });
  const [first, second] = await Promise.all([getConda(tools), getConda(tools)]);
  expect(first).toBe(second);
  expect(at.asked.filter((path) => path === "/micromamba")).toHaveLength(1);
});

describe("what the machine has", () => {
  test("its conda is used, and ours in <home>/bin, which only fetches, is not taken for one", async () => {
    using folder = temporaryFolder();
    const tools = environmentTools(folder.path, { standIns: { conda: "stand-in-micromamba.sh" } });
    mkdirSync(join(tools.home, "bin"));
    writeFileSync(join(tools.home, "bin/conda"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const searchPath = `${join(tools.home, "bin")}:${tools.searchPath}`;
    expect(await getConda({ ...tools, searchPath })).toBe(join(folder.path, "tools/conda"));
  });

  test("its micromamba does the work of one", async () => {
    using folder = temporaryFolder();
    const tools = environmentTools(folder.path, { standIns: { micromamba: "stand-in-micromamba.sh" } });
    const program = await getConda(tools);
    expect(program).toBe(join(tools.home, "bin/miniforge/condabin/conda"));
    expect(readFileSync(program, "utf8")).toContain(`MAMBA_EXE='${join(folder.path, "tools/micromamba")}'`);
  });
});

describe("the conda that stands for micromamba", () => {
  async function withConda(
    use: (run: (script: string) => string[], tools: ReturnType<typeof environmentTools>) => void,
  ) {
    using folder = temporaryFolder();
    const tools = environmentTools(folder.path, { standIns: { micromamba: "stand-in-micromamba.sh" } });
    const program = await getConda(tools);
    const run = (script: string): string[] => {
      const before = tools.calls().length;
      execFileSync("/bin/bash", ["-c", `cd "$0"; PATH="${join(program, "..")}:$PATH"; ${script}`, folder.path], {
        env: { PATH: "/usr/bin:/bin", CALLS: join(folder.path, "calls") },
        stdio: "pipe",
      });
      return tools.calls().slice(before);
    };
    use(run, tools);
  }

  test.each([
    ["conda install -y -c conda-forge 'gxx<12'", "install -y -c conda-forge gxx<12 -p ~/home/bin/miniforge"],
    ["conda install ffmpeg --yes -p conda_env", "install ffmpeg --yes -p conda_env"],
    ["conda update -y --all", "update -y --all -p ~/home/bin/miniforge"],
    ["conda uninstall -y x", "remove -y x -p ~/home/bin/miniforge"],
    [
      "conda install -y cudnn --update-deps --force-reinstall",
      "install -y cudnn --force-reinstall -p ~/home/bin/miniforge",
    ],
    [
      "conda create --no-shortcuts -y -k --prefix env python=3.9",
      "create --no-shortcuts -y --ssl-verify false --prefix env python=3.9",
    ],
    ["conda create -y -n stablevideo", "create -y -n stablevideo python=3.10.20"],
    ["conda env list", "env list"],
    ["conda info --envs", "env list"],
    ["conda config --set channel_priority strict", "config set channel_priority strict"],
    ["conda run -n x --no-capture-output python y.py", "run -n x python y.py"],
  ])("%s", async (line, expected) => {
    await withConda((run) => expect(run(line)).toEqual([expected]));
  });

  test("an environment is activated by name or folder, and its packages' scripts take part", async () => {
    await withConda((run, tools) => {
      run(`
        eval "$(conda shell.bash hook)"; conda create -y -n own x; conda create -y -p ./here y
        conda activate own; echo "$CONDA_DEFAULT_ENV $OF_ACTIVATION $(x)" > said
        conda activate ./here; echo "$CONDA_PREFIX" >> said; command -v x >> said
        conda deactivate; echo "$CONDA_PREFIX $CONDA_SHLVL" >> said
        conda activate; echo "$CONDA_DEFAULT_ENV" >> said
        conda activate nothing 2>> said || echo refused >> said
      `);
      const folder = join(tools.home, "..");
      const said = readFileSync(join(folder, "said"), "utf8").replaceAll(folder, "~").trim().split("\n");
      expect(said).toEqual([
        "own own x of ~/home/bin/miniforge/envs/own",
        "~/here",
        " 0",
        "base",
        "conda: there is no environment nothing",
        "refused",
      ]);
    });
  });
});

test("a step's environment is made, activated, and can activate others by itself", async () => {
  using folder = temporaryFolder();
  const tools = environmentTools(folder.path, { standIns: { micromamba: "stand-in-micromamba.sh" } });
  const request = { python: "3.11", args: "-c x", activate: null, cwd: folder.path };
  const env = { path: join(folder.path, "it's env") };
  const { variables, path } = await conda.prepare({ ...request, env }, tools);
  expect(tools.calls().at(-1)).toBe("create -y -p ~/it's env python=3.11 -c x");
  expect(variables).toMatchObject({ CONDA_PREFIX: env.path, OF_ACTIVATION: env.path });
  const shell = { ...variables, PATH: [...path, tools.searchPath].join(":") };
  const line = "conda activate base && echo $CONDA_DEFAULT_ENV; conda env list";
  const said = execFileSync("/bin/bash", ["--norc", "--noprofile", "-c", line], { env: shell, encoding: "utf8" });
  expect(said.split("\n")[0]).toBe("base");
  expect(said).toContain(`base ${join(tools.home, "bin/miniforge")}`);
});

test("an environment that was not finished is made anew", async () => {
  using folder = temporaryFolder();
  const tools = environmentTools(folder.path, { standIns: { micromamba: "stand-in-micromamba.sh" } });
  const env = { path: join(folder.path, "env") };
  const request = { env, python: null, args: "", activate: null, cwd: folder.path };
  const fails = {
    ...tools,
    run: (program: string, args: readonly string[], cwd: string) => {
      if (!args.join(" ").includes("create")) return tools.run(program, args, cwd);
      mkdirSync(env.path);
      writeFileSync(join(env.path, "half"), "");
      return Promise.resolve(1);
    },
  };
  await expect(conda.prepare(request, fails)).rejects.toMatchObject({ code: "step-failed" });
  expect(existsSync(join(env.path, "half"))).toBe(true);
  await conda.prepare(request, tools);
  expect(existsSync(join(env.path, "half"))).toBe(false);
  expect(existsSync(join(env.path, "bin/python"))).toBe(true);
});

test("the usual source is the machine's kind of micromamba", () => {
  expect(usualCondaSource("x64").url).toMatch(/^https:.*micromamba-linux-64$/);
  expect(usualCondaSource("arm64").url).toMatch(/micromamba-linux-aarch64$/);
});

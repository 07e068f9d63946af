import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { ShellRequest, ShellResult } from "../../../src/runtime/methods/method.js";
import { shell } from "../../../src/runtime/methods/shell.js";
import { fakeContext, noShells } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const result = (more: Partial<ShellResult> = {}): ShellResult => ({
  id: "1",
  stdout: "",
  response: "",
  event: undefined,
  error: undefined,
  exitCode: 0,
  ...more,
});

/** Runs `shell.run` in an empty folder and returns what it asked the shells for. */
async function run(params: unknown, answers: ShellResult[] = []) {
  using folder = temporaryFolder();
  const requests: ShellRequest[] = [];
  const environments: unknown[] = [];
  const context = fakeContext({
    cwd: folder.path,
    shells: {
      ...noShells(),
      run: (request) => {
        requests.push(request);
        return Promise.resolve(answers[requests.length - 1] ?? result());
      },
    },
    environments: {
      conda: (request) => {
        environments.push(request);
        return Promise.resolve({ variables: { C: "1" }, without: [], path: ["/conda/bin"] });
      },
      venv: (request) => {
        environments.push(request);
        return Promise.resolve({ variables: {}, without: [], path: [] });
      },
    },
  });
  const checked = shell.run.params.safeParse(params);
  if (!checked.success) return { requests, environments, value: undefined, made: false, error: checked.error };
  const value = await shell.run.run(checked.data, context);
  const relative = JSON.parse(JSON.stringify({ requests, environments }).replaceAll(folder.path, "~")) as {
    requests: ShellRequest[];
    environments: unknown[];
  };
  return { ...relative, value, made: existsSync(join(folder.path, "sub/dir")), error: null };
}

test("the working folder is relative to the script and made when missing", async () => {
  const { requests, made } = await run({ message: "pwd", path: "sub/dir" });
  expect(requests[0]?.cwd).toBe("~/sub/dir");
  expect(made).toBe(true);
  expect((await run({ message: "pwd", path: null })).requests[0]?.cwd).toBe("~");
});

test("the environment is relative to the working folder", async () => {
  const { environments } = await run({ message: "x", venv: "env", path: "app", venv_python: 3.11 });
  expect(environments).toEqual([{ path: "~/app/env", python: "3.11", cwd: "~/app" }]);
  expect((await run({ message: "x", venv: { path: "e", python: "3.12" } })).environments).toEqual([
    { path: "~/e", python: "3.12", cwd: "~" },
  ]);
  expect((await run({ message: "x", venv: null })).environments).toEqual([]);
  expect((await run({ message: "x", venv: "" })).environments).toEqual([]);
});

test("a list runs one shell after the other and stops at the first error", async () => {
  const { requests, value } = await run({ message: ["a", "b", "c"] }, [result(), result({ error: ["Error:"] })]);
  expect(requests.map(({ command }) => command)).toEqual(["a", "b"]);
  expect(value).toMatchObject({ error: ["Error:"] });
});

test("a list that came to nothing opens no shell and gives nothing", async () => {
  const { requests, value } = await run({ message: [null, ""] });
  expect(requests).toEqual([]);
  expect(value).toBeUndefined();
});

test("without parameters a shell is opened all the same", async () => {
  expect((await run(undefined)).requests).toHaveLength(1);
});

test.each([
  ["env", { env: { path: "~/env" }, python: null }],
  [
    { path: "c", python: 3.11, args: "-c x" },
    { env: { path: "~/c" }, python: "3.11", args: "-c x" },
  ],
  [{ name: "nm" }, { env: { name: "nm" } }],
  [{ path: "c", activate: "minimal" }, { activate: "minimal" }],
])("conda %j asks for its environment", async (conda, expected) => {
  expect((await run({ message: "x", conda })).environments).toMatchObject([expected]);
});

test("a Python environment inside a conda environment is made by its Python and lies in front of it", async () => {
  const { environments, requests } = await run({ message: "x", conda: "c", venv: "env", conda_python: "3.9" });
  expect(environments[1]).toMatchObject({ path: "~/env", within: ["/conda/bin"] });
  expect(requests[0]?.activation).toMatchObject({ variables: { C: "1" }, path: ["/conda/bin"] });
});

test("conda may be left out, but not be empty", async () => {
  await expect(run({ message: "x", conda: {} })).rejects.toMatchObject({ code: "script-invalid" });
  expect((await run({ message: "x", conda: { skip: true } })).requests[0]?.requireVirtualenv).toBe(false);
  expect((await run({ message: "x" })).requests[0]?.requireVirtualenv).toBe(true);
});

test("a command that uses conda is in its base environment, unless the step says otherwise", async () => {
  const message = ["echo a", "conda install -y -c conda-forge ffmpeg"];
  expect((await run({ message })).environments).toEqual([expect.objectContaining({ env: { name: "base" } })]);
  expect((await run({ message, conda: { skip: true } })).environments).toEqual([]);
  expect((await run({ message, conda: "own" })).environments).toMatchObject([{ env: { path: "~/own" } }]);
  expect((await run({ message: "pip install conda" })).environments).toEqual([]);
});

test("what would change the base environment is left out; in an environment of the step's own it runs", async () => {
  const message = ["conda install -y python=3.11", "echo b"];
  expect((await run({ message })).requests.map(({ command }) => command)).toEqual(["", "echo b"]);
  expect((await run({ message })).environments).toEqual([]);
  expect((await run({ message, conda: "own" })).requests[0]?.command).toBe(message[0]);
});

test.each([
  [undefined, true],
  [{ name: "base" }, true],
  [{ skip: true }, false],
  ["own", false],
])("with conda %j pip needs an environment of its own: %j", async (conda, expected) => {
  expect((await run({ message: "x", conda })).requests[0]?.requireVirtualenv).toBe(expected);
});

test("with script, message is the command's title", async () => {
  expect((await run({ message: "Installing", script: "make" })).requests.map(({ command }) => command)).toEqual([
    "make",
  ]);
  expect((await run({ message: ["a"], script: "b" })).requests.map(({ command }) => command)).toEqual(["a", "b"]);
});

test("wrong parameters are found before anything runs", async () => {
  expect((await run({ message: "x", env: "A=1" })).error?.issues[0]?.path).toEqual(["env"]);
});

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

test("a conda environment is refused with a way out; leaving conda out is not", async () => {
  await expect(run({ message: "x", conda: "env" })).rejects.toMatchObject({ code: "tool-missing" });
  expect((await run({ message: "x", conda: { skip: true } })).requests[0]?.requireVirtualenv).toBe(false);
  expect((await run({ message: "x" })).requests[0]?.requireVirtualenv).toBe(true);
});

test("wrong parameters are found before anything runs", async () => {
  expect((await run({ message: "x", env: "A=1" })).error?.issues[0]?.path).toEqual(["env"]);
});

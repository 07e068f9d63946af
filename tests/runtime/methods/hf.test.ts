import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { hf } from "../../../src/runtime/methods/hf.js";
import type { MethodContext, ShellRequest } from "../../../src/runtime/methods/method.js";
import { callChecked, fakeContext, noShells } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

async function run(name: "download" | "upload", params: unknown, found = ["hf"]): Promise<ShellRequest | undefined> {
  using folder = temporaryFolder();
  let request: ShellRequest | undefined;
  const context: MethodContext = fakeContext({
    cwd: folder.path,
    programs: { find: (program) => (found.includes(program) ? `/bin/${program}` : null), run: () => Promise.reject() },
    shells: {
      ...noShells(),
      run: (given) => {
        request = given;
        return Promise.resolve({ id: "1", stdout: "", response: "", event: undefined, error: undefined, exitCode: 0 });
      },
    },
  });
  await callChecked(hf[name], params, context);
  return (
    request && {
      ...request,
      cwd: request.cwd.replace(folder.path, "~"),
      command: request.command.replace(folder.path, "~"),
    }
  );
}

test("a download's arguments are joined without quotes, so that authors can quote", async () => {
  const params = { _: ["r/x"], exclude: '"*.md" "x/*"', "local-dir": "m", quiet: true, path: "app" };
  expect(await run("download", params)).toMatchObject({
    command: 'hf download r/x --exclude "*.md" "x/*" --local-dir m --quiet ; ls',
    cwd: "~/app",
  });
});

test("the form with names quotes, and hides the token", async () => {
  const params = { repo: "r/x", files: ["a b.bin"], revision: "main", path: "models", token: "hf_secret" };
  expect(await run("download", params)).toMatchObject({
    command: "'hf' 'download' 'r/x' 'a b.bin' '--revision' 'main' '--local-dir' '~/models'",
    env: { HF_TOKEN: "hf_secret" },
  });
});

test("a token is in no command line", async () => {
  for (const [name, params] of [
    ["download", { _: ["r/x"], token: "hf_secret" }],
    ["upload", { _: ["me/x", "f"], token: "hf_secret", private: true }],
  ] as const) {
    const request = await run(name, params);
    expect(request?.command).not.toContain("hf_secret");
    expect(request?.env).toEqual({ HF_TOKEN: "hf_secret" });
  }
});

test("an upload is quoted", async () => {
  expect(await run("upload", { _: ["me/x", "my file"] })).toMatchObject({ command: "'hf' 'upload' 'me/x' 'my file'" });
});

test("the older program does; without any it is said what to install", async () => {
  expect((await run("download", { _: ["r/x"] }, ["huggingface-cli"]))?.command).toBe(
    "huggingface-cli download r/x ; ls",
  );
  await expect(run("download", { _: ["r/x"] }, [])).rejects.toMatchObject({ code: "tool-missing" });
});

test("a login asks once and keeps the token for programs", async () => {
  using folder = temporaryFolder();
  const context = fakeContext({ home: folder.path, ask: () => Promise.resolve({ token: " hf_x " }) });
  const file = join(folder.path, "cache/HF_AUTH/token");
  expect(await callChecked(hf.login, {}, context)).toEqual({ status: "success", token_path: file });
  expect(readFileSync(file, "utf8")).toBe("hf_x");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await callChecked(hf.login, {}, context)).toMatchObject({ already_logged_in: true });
  await callChecked(hf.logout, {}, context);
  expect(existsSync(file)).toBe(false);
});

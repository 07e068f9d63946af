import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createGit } from "../../../src/runtime/repositories/git.js";
import { standInSsh } from "../../helpers/stand-in-ssh.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const url = "git@git.example.test:team/app.git";
const REMOTE = { url, protocols: ["ssh"], login: null };

/** What the ssh of that name is called with when git asks a repository. */
async function calledWith(name: string, more: (folder: string) => Record<string, string>): Promise<string> {
  using folder = temporaryFolder();
  const called = standInSsh(folder.path, name);
  const env = { PATH: `${folder.path}:${process.env["PATH"] ?? ""}`, HOME: folder.path, ...more(folder.path) };
  const asked = createGit({ env, mark: "test" }).run(["ls-remote", url], { cwd: folder.path, remote: REMOTE });
  await expect(asked).rejects.toMatchObject({ code: "login-needed" });
  return called();
}

test("ssh asks nobody, and an ssh that a person has named for git is the one that is used", async () => {
  expect(await calledWith("ssh", () => ({}))).toContain("-oBatchMode=yes");
  const settings = (folder: string) => ({
    ...{ GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "core.sshCommand", GIT_CONFIG_VALUE_0: join(folder, "mine") },
  });
  expect(await calledWith("mine", settings)).not.toContain("BatchMode");
  expect(await calledWith("older", (folder) => ({ GIT_SSH: join(folder, "older") }))).not.toContain("BatchMode");
});

test("what is ended before ssh is known begins nothing", async () => {
  using folder = temporaryFolder();
  standInSsh(folder.path, "ssh");
  const env = { PATH: `${folder.path}:${process.env["PATH"] ?? ""}`, HOME: folder.path };
  const ending = new AbortController();
  const order = { cwd: folder.path, remote: REMOTE, signal: ending.signal };
  const asked = createGit({ env, mark: "test" }).run(["ls-remote", url], order);
  ending.abort(new Error("ended by a person"));
  await expect(asked).rejects.toThrow("ended by a person");
  expect(existsSync(join(folder.path, "ssh-called"))).toBe(false);
});

import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createRepositories } from "../../../src/runtime/repositories/index.js";
import { noteUnasked, withGitLogin } from "../../../src/runtime/runner/git-login.js";
import { createGitLogins } from "../../../src/runtime/sidecar/git-logins.js";
import { git, type GitServer, gitServer } from "../../helpers/git-server.js";
import { standInSsh } from "../../helpers/stand-in-ssh.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const LOGIN = { user: "x-access-token", password: "se'cret \"$HOME" };
let server: GitServer;
beforeAll(async () => {
  server = await gitServer();
  server.login = LOGIN;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** An app that was cloned from a private repository, and what programs of its runs see. */
function privateApp(more: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const app = join(folder.path, "app");
  const local = { folder: join(folder.path, "it's local") };
  mkdirSync(app);
  git(app, "init", "-q");
  git(app, "remote", "add", "origin", `${server.url}/private.git`);
  const repositories = createRepositories({
    ...{ env: process.env, home: folder.path, objectsOf: () => "" },
    loginFor: (host) => (host === new URL(server.url).host ? LOGIN : null),
  });
  const loginOf = (): ReturnType<typeof repositories.loginOf> => repositories.loginOf(app);
  const gitLogin = createGitLogins({ local, apps: () => ["app"], loginOf, inUse: () => [] }).write("app") ?? undefined;
  const plain = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", LC_ALL: "C", ...more };
  const env = (order: { unattended?: boolean }) => withGitLogin(() => plain, { gitLogin, ...order }, app)();
  return { app, env, repositories, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

const asks = (app: string, env: Record<string, string>, address = "origin") =>
  promisify(execFile)("git", ["ls-remote", address], { cwd: app, env: { ...env, GIT_ASKPASS: "false" } });

test("git in an app's run is let in where the app came from, and no variable holds the login", async () => {
  server.make("private", { "a.txt": "one" });
  server.make("part", { "a.txt": "one" });
  using w = privateApp({ GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "user.name", GIT_CONFIG_VALUE_0: "Ada" });
  const env = w.env({});
  expect((await asks(w.app, env)).stdout).toContain("refs/heads/main");
  expect((await asks(w.app, env, `${server.url}/part.git`)).stdout).toContain("refs/heads/main");
  expect(JSON.stringify(env)).not.toContain("se'cret");
  expect(env).toMatchObject({ GIT_CONFIG_COUNT: "2", GIT_CONFIG_VALUE_0: "Ada" });
  expect(env).not.toHaveProperty("GIT_TERMINAL_PROMPT");
});

test("git elsewhere gets no login of that app", async () => {
  await using other = await gitServer();
  other.login = LOGIN;
  const { url } = other.make("private", { "a.txt": "one" });
  using w = privateApp();
  await expect(asks(w.app, w.env({ unattended: true }), url)).rejects.toThrow("terminal prompts disabled");
});

test("git asks nobody in a run that goes on by itself, unless its script wants that, and a person is told", () => {
  using w = privateApp();
  expect(w.env({ unattended: true })["GIT_TERMINAL_PROMPT"]).toBe("0");
  using asked = privateApp({ GIT_TERMINAL_PROMPT: "1" });
  expect(asked.env({ unattended: true })["GIT_TERMINAL_PROMPT"]).toBe("1");
  const warnings: string[] = [];
  const hear = noteUnasked((message) => warnings.push(message))("shell");
  hear(Buffer.from("fatal: could not read Userna"));
  hear(Buffer.from("me for 'https://git.example.test': terminal prompts disabled\r\nmore\r\n"));
  hear(Buffer.from("and more"));
  expect(warnings).toEqual([
    "git wants a login for https://git.example.test, and asks nobody in a run that goes on by itself: " +
      "run it again where you can answer, or give git a login on this machine",
  ]);
});

test("a login does not travel where others can read it, and none is known of a folder that was not cloned", () => {
  using w = privateApp();
  git(w.app, "remote", "set-url", "origin", "http://git.example.test/private.git");
  expect(w.repositories.loginOf(w.app)).toBeNull();
  git(w.app, "remote", "remove", "origin");
  expect(w.repositories.loginOf(w.app)).toBeNull();
});

const overSsh = async (app: string, env: Record<string, string>) => {
  const { stderr } = await promisify(execFile)("git", ["ls-remote", "git@git.example.test:team/app.git"], {
    ...{ cwd: app, env },
  }).then(
    () => ({ stderr: "" }),
    (error: unknown) => error as { stderr: string },
  );
  const warnings: string[] = [];
  noteUnasked((message) => warnings.push(message))("shell")(Buffer.from(stderr));
  return warnings;
};

test("git's ssh asks nobody in a run that goes on by itself, and a person is told", async () => {
  using folder = temporaryFolder();
  const called = standInSsh(folder.path, "ssh");
  using w = privateApp({ PATH: `${folder.path}:${process.env["PATH"] ?? ""}` });
  expect(w.env({})).not.toHaveProperty("GIT_SSH_COMMAND");
  expect(await overSsh(w.app, w.env({ unattended: true }))).toEqual([
    "git wants a login for git@git.example.test, and its ssh asks nobody in a run that goes on by itself: " +
      "run it again where you can answer, or give ssh a key on this machine that needs no answer",
  ]);
  expect(called()).toMatch(/^-oBatchMode=yes .*git@git\.example\.test/);
});

test("an ssh that a person has named for git stays theirs: in its settings, or in variables", async () => {
  using folder = temporaryFolder();
  const called = standInSsh(folder.path, "mine");
  using w = privateApp();
  git(w.app, "config", "core.sshCommand", join(folder.path, "mine"));
  const env = w.env({ unattended: true });
  expect(env).not.toHaveProperty("GIT_SSH_COMMAND");
  await overSsh(w.app, env);
  expect(called()).toContain("git@git.example.test");
  expect(called()).not.toContain("BatchMode");
  using named = privateApp({ GIT_SSH_COMMAND: "ssh -i mine" });
  expect(named.env({ unattended: true })["GIT_SSH_COMMAND"]).toBe("ssh -i mine");
  using older = privateApp({ GIT_SSH: "/usr/bin/plink" });
  expect(older.env({ unattended: true })).not.toHaveProperty("GIT_SSH_COMMAND");
});

test("a machine that ssh does not know is told as that", () => {
  const warnings: string[] = [];
  const hear = noteUnasked((message) => warnings.push(message))("shell");
  hear(Buffer.from("Host key verification failed.\r\nfatal: Could not read"));
  hear(Buffer.from(" from remote repository.\r\n"));
  expect(warnings).toEqual([expect.stringContaining("ssh does not know the machine of a repository")]);
});

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createRepositories } from "../../../src/runtime/repositories/index.js";
import { createGitLogins } from "../../../src/runtime/sidecar/git-logins.js";
import { git } from "../../helpers/git-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** Apps that were cloned from private repositories, and where their logins lie. */
function privateApps() {
  const folder = temporaryFolder();
  const api = join(folder.path, "api");
  const local = { folder: join(folder.path, "local") };
  mkdirSync(local.folder);
  const inUse: string[] = [];
  const repositories = createRepositories({
    ...{ env: process.env, home: folder.path, objectsOf: () => "" },
    loginFor: (host) => ({ user: "x-access-token", password: `of ${host}` }),
  });
  const logins = createGitLogins<string>({
    local,
    apps: () => readdirSync(api),
    loginOf: (app) => repositories.loginOf(join(api, app)),
    inUse: () => inUse,
  });
  const add = (app: string, address: string): void => {
    mkdirSync(join(api, app), { recursive: true });
    git(join(api, app), "init", "-q");
    git(join(api, app), "remote", "add", "origin", address);
  };
  const trash = (app: string): void => renameSync(join(api, app), join(folder.path, app));
  const restore = (app: string): void => renameSync(join(folder.path, app), join(api, app));
  return { local, logins, inUse, add, trash, restore, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("the login of an app goes with the last app from there, and is made anew when that is back", () => {
  using w = privateApps();
  w.add("one", "https://git.example.test/one.git");
  w.add("two", "https://git.example.test/two.git");
  const { file } = w.logins.write("one") ?? { file: "" };
  expect(w.logins.write("two")?.file).toBe(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  w.trash("one");
  w.logins.tidy();
  expect(existsSync(file)).toBe(true);
  w.trash("two");
  w.logins.tidy();
  expect(readdirSync(w.local.folder)).toEqual([]);
  w.restore("two");
  expect(w.logins.write("two")?.file).toBe(file);
  expect(readFileSync(file, "utf8")).toBe("username=x-access-token\npassword=of git.example.test\n");
});

test("what apps that are gone have left goes; what a run was told of, and what is no login, stays", () => {
  using w = privateApps();
  w.add("one", "https://git.example.test/one.git");
  w.add("runs", "https://other.example.test/runs.git");
  const gone = w.logins.write("one")?.file ?? "";
  const used = w.logins.write("runs")?.file ?? "";
  w.inUse.push(used);
  w.trash("one");
  w.trash("runs");
  writeFileSync(join(w.local.folder, "token"), "");
  writeFileSync(join(w.local.folder, "git-notes"), "");
  w.logins.tidy();
  expect(existsSync(gone)).toBe(false);
  expect(existsSync(used)).toBe(true);
  expect(readdirSync(w.local.folder)).toEqual(expect.arrayContaining(["token", "git-notes"]));
});

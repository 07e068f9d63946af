import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { parseGitAddress } from "../../../../src/runtime/base/git-address.js";
import { InstalledApp } from "../../../../src/runtime/library/installed-store.js";
import { readScripts } from "../../../../src/runtime/library/fingerprint.js";
import { appIdOf } from "../../../../src/runtime/protocol/ids.js";
import { openChangesHome } from "../../../helpers/changes-home.js";
import { type GitServer, gitServer, type TestRepository } from "../../../helpers/git-server.js";
import { temporaryFolder } from "../../../helpers/temporary-folder.js";

const APP = appIdOf("app");
let server: GitServer;
beforeAll(async () => {
  server = await gitServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** An app from the server, where a newer version is that has been looked at. */
async function clonedFrom(name: string, goOn: (repository: TestRepository) => void) {
  const folder = temporaryFolder();
  const repository = server.make(name, { "pinokio.js": "1", "a.txt": "one" });
  const w = openChangesHome(join(folder.path, "home"));
  const app = join(w.api, "app");
  const { signal } = new AbortController();
  const { branch, commit } = await w.repositories.clone(parseGitAddress(repository.url)!, {
    ...{ folder: app, objects: join(folder.path, "objects"), signal, tell: () => undefined },
  });
  const { fingerprint, files } = await readScripts(app);
  const record = { source: repository.url, repository: repository.url, branch, commit, state: "installed" };
  w.store.set(APP, InstalledApp.parse({ ...record, installedAt: "t", agreed: fingerprint, scripts: files }));
  goOn(repository);
  await w.changes.look(APP, signal); // the commit is here now, and what its files hold is not
  return {
    ...w,
    app,
    journal: join(w.home, "library/changes/app.json"),
    update: async () => w.done((await w.changes.update(APP, { agreed: null })).job),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("where the network fails before the new contents are here nothing is stopped or changed, and it can be tried again", async () => {
  using w = await clonedFrom("far", (repository) => void repository.commit({ "a.txt": "two", "new.txt": "new" }));
  let posts = 0;
  server.intercept = (request, response) => {
    // The first ones ask for the names of branches and for the commit.
    if (request.method !== "POST" || ++posts < 2) return false;
    response.writeHead(500).end();
    return true;
  };
  const failed = await w.update();
  expect(failed.error).toMatchObject({ code: "network-failed" });
  expect(failed.error?.message).not.toMatch(/taken back|as it was before/);
  expect(existsSync(w.journal)).toBe(false);
  expect(readFileSync(join(w.app, "a.txt"), "utf8")).toBe("one");

  server.intercept = () => false;
  expect((await w.update()).error).toBe(null);
  expect(readFileSync(join(w.app, "a.txt"), "utf8")).toBe("two");
  expect(existsSync(join(w.app, "new.txt"))).toBe(true);
});

test("a version that this system cannot write is refused before anything is moved", async () => {
  using w = await clonedFrom("long", (repository) => {
    const blob = repository.git("rev-parse", "HEAD:pinokio.js").trim();
    repository.git("update-index", "--add", "--cacheinfo", `100644,${blob},${"x".repeat(300)}.txt`);
    repository.git("commit", "-qm", "long");
    repository.git("push", "-q", repository.bare, "HEAD");
  });
  const failed = await w.update();
  expect(failed.error).toMatchObject({ code: "name-unsupported" });
  expect(existsSync(w.journal)).toBe(false);
  const { job } = await w.changes.uninstall(APP, { all: false });
  expect((await w.done(job)).error).toBe(null);
});

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { App } from "../../../src/runtime/protocol/apps.js";
import type { LibraryFile } from "../../../src/runtime/protocol/library-file.js";
import { testHome, type TestHome } from "../../helpers/command-line.js";
import { gitServer } from "../../helpers/git-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const AS_TESTER = ["-c", "user.name=t", "-c", "user.email=t@example.test", "-c", "init.defaultBranch=main"];

/** A bare repository of an app; `commit` adds one to it and returns its id. */
function repository(folder: string) {
  const work = join(folder, "work");
  const bare = join(folder, "sketch.git");
  mkdirSync(work, { recursive: true });
  const git = (...args: string[]) => execFileSync("git", [...AS_TESTER, ...args], { cwd: work, encoding: "utf8" });
  git("init", "-q");
  const commit = (file: string, text: string): string => {
    writeFileSync(join(work, file), text);
    git("add", ".");
    git("commit", "-qm", file);
    if (existsSync(bare)) git("push", "-q", bare, "HEAD:main");
    return git("rev-parse", "HEAD").trim();
  };
  return { url: `file://${bare}`, bare, work, commit, publish: () => git("clone", "-q", "--bare", ".", bare) };
}

const apps = async (home: TestHome): Promise<App[]> => JSON.parse((await home.run("list", "--json")).out) as App[];
const headOf = (folder: string): string =>
  execFileSync("git", ["rev-parse", "HEAD"], { cwd: folder, encoding: "utf8" }).trim();

test("a library comes back on another machine at the same commits, once, and says what does not", async () => {
  using place = temporaryFolder();
  const repo = repository(place.path);
  repo.commit(
    "pinokio.js",
    "module.exports = { title: 'Sketch pad', menu: [{ text: 'Install', href: 'install.json' }] }",
  );
  const first = repo.commit("install.json", JSON.stringify({ run: [{ method: "log", params: { text: "hello" } }] }));
  repo.publish();
  const local = join(place.path, "local-app");
  mkdirSync(local);
  writeFileSync(join(local, "pinokio.js"), "module.exports = { title: 'Local' }");

  await using server = await gitServer();
  const file = { url: `${server.url}/m.bin`, name: "m.bin" };
  const model = { id: "m1", name: "M1", type: "model", repo: `${server.url}/m.git`, models: ["loras"], files: [file] };
  server.intercept = ({ url }, response) => {
    if (url === "/m.bin") response.end("model");
    else if (url === "/index.json") response.end(JSON.stringify({ version: 1, apps: [model] }));
    return response.writableEnded;
  };
  const index = `${server.url}/index.json`;

  const exported = join(place.path, "library.json");
  {
    await using old = testHome();
    expect(await old.run("install", repo.url, "--yes")).toMatchObject({ code: 0 });
    expect(await old.run("install", local, "--yes")).toMatchObject({ code: 0 });
    await old.run("library", "favorite", "sketch");
    await old.run("library", "note", "sketch", "Seeds: 42");
    await old.run("library", "move", "sketch", "local-app", "--to", "Drawing");
    await old.run("limit", "sketch", "--nice", "5");
    expect(await old.run("config", "set", "sketch", "PINOKIO_SHARE_LOCAL=true")).toMatchObject({ code: 0 });
    const secrets = { version: 1, values: { MY_TOKEN: "a secret word" } };
    mkdirSync(join(old.path, "secrets/apps"), { recursive: true });
    writeFileSync(join(old.path, "secrets/apps/sketch.json"), JSON.stringify(secrets), { mode: 0o600 });
    const added = (await old.run("catalog", "add", index, "--json")).json as { id: string };
    expect(await old.run("package", "install", `${added.id}/m1`)).toMatchObject({ code: 0 });
    expect(await old.run("library", "export", exported)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^2 apps, 1 package, 1 source are in /),
      err: expect.stringMatching(
        /^local-app: It comes from the folder \S+: another machine needs that too\nsketch: Its secrets are not in the file: MY_TOKEN\n$/,
      ),
    });
    const printed = await old.run("library", "export", "-");
    expect(printed.json).toMatchObject({ format: "pinokiocloud-library", version: 2 });
    expect(printed.out).not.toContain("a secret word");
    expect(existsSync("-")).toBe(false);
    expect((await old.run("library", "export", exported)).err).toMatch(/is there already/);
  }
  const library = JSON.parse(readFileSync(exported, "utf8")) as LibraryFile;
  expect(library.apps.find(({ id }) => id === "sketch")).toMatchObject({
    commit: first,
    origin: { repository: repo.url },
  });
  repo.commit("start.json", JSON.stringify({ run: [] })); // the world goes on
  rmSync(local, { recursive: true });

  await using fresh = testHome();
  const asked = await fresh.run("library", "import", exported);
  expect(asked.code).toBe(1);
  expect(asked.err).toMatch(/sketch +install +file:.*\n(?:.*\n)*error: Nobody has agreed/);
  const taken = await fresh.run("library", "import", exported, "--yes");
  expect(taken.out).toMatch(/local-app +cannot +It was installed from the folder .*, which is not on this machine/);
  expect(taken.out).toMatch(/All of them are installed/);
  expect(taken.err).toMatch(/Set again for Sketch pad \(sketch\): MY_TOKEN\n$/);
  expect(taken.code).toBe(1);
  expect(headOf(join(fresh.path, "api/sketch"))).toBe(first);
  expect(readFileSync(join(fresh.path, "api/sketch/ENVIRONMENT"), "utf8")).toMatch(/^PINOKIO_SHARE_LOCAL=true$/m);
  expect(readFileSync(join(fresh.path, "drive/loras/m.bin"), "utf8")).toBe("model");
  expect((await fresh.run("catalog", "list")).out).toContain(index);
  expect(await fresh.run("update", "sketch", "--look")).toMatchObject({
    code: 0,
    out: expect.stringContaining("start.json"),
  });
  expect(await apps(fresh)).toMatchObject([
    {
      id: "sketch",
      title: "Sketch pad",
      state: "installed",
      settings: { nice: 5 },
      marks: { favorite: true, notes: "Seeds: 42" },
    },
  ]);
  expect((await fresh.run("library", "show")).out).toBe("Drawing\n  * sketch  Sketch pad\n");

  const before = readFileSync(join(fresh.path, "library/favorites.json"), "utf8");
  const again = await fresh.run("library", "import", exported, "--json");
  expect(again.json).toMatchObject({ changed: { marks: 0, settings: 0, places: 0 }, jobId: null });
  expect(readFileSync(join(fresh.path, "library/favorites.json"), "utf8")).toBe(before);

  // A history that was written anew brings other scripts under no name that was agreed to.
  await fresh.run("down");
  rmSync(join(fresh.path, "api/sketch"), { recursive: true });
  expect((await fresh.run("list")).err).toMatch(/sketch was installed here, and its folder is gone/);
  rmSync(repo.bare, { recursive: true });
  const gone = await fresh.run("library", "import", exported, "--yes");
  expect(gone.code).toBe(1);
  expect(gone.err).toMatch(/error: 1 app of 1 could not be brought back\. Sketch pad \(sketch\): /);
  expect(await fresh.run("library", "forget", "sketch")).toMatchObject({ code: 0 });
  expect((await fresh.run("list")).err).toBe("");
});

test("what a newer version has written is left alone, and where another machine holds the home all can be looked at", async () => {
  await using home = testHome();
  const library = join(home.path, "library");
  mkdirSync(library);
  const newer = '{ "version": 9, "dreams": [] }';
  writeFileSync(join(library, "favorites.json"), newer);
  writeFileSync(join(library, "usage_stats.json"), "{ not json");
  expect(await home.run("install", "hello-server", "--yes")).toMatchObject({ code: 0 });
  const refused = await home.run("library", "favorite", "hello-server");
  expect(refused.err).toMatch(
    /favorites\.json was written by a newer PinokioCloud: its version is 9, this one knows 1/,
  );
  expect(readFileSync(join(library, "favorites.json"), "utf8")).toBe(newer);
  expect(await apps(home)).toMatchObject([{ id: "hello-server", status: "installed" }]);

  await home.run("down");
  rmSync(join(library, "favorites.json"));
  expect(await home.run("library", "favorite", "hello-server")).toMatchObject({ code: 0 });
  await home.run("down");
  const elsewhere = { host: "other-machine", bootId: "b", pid: 1, startTime: "1", heartbeatAt: Date.now() };
  writeFileSync(join(home.path, "run/lock.json"), JSON.stringify(elsewhere));
  expect((await home.run("list", "--favorites")).out).toMatch(/\* Hello Server/);
  expect((await home.run("library", "export")).out).toMatch(/"id": "hello-server"/);
  const kept = readFileSync(join(library, "favorites.json"), "utf8");
  expect((await home.run("library", "note", "hello-server", "mine")).err).toMatch(/can only be looked at/);
  writeFileSync(join(library, "favorites.json"), kept.replace('"notes": ""', '"notes": "from there"'));
  expect((await home.run("library", "note", "hello-server")).out).toBe("from there\n");
  rmSync(join(home.path, "run/lock.json"));
});

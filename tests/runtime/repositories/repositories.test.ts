import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { parseGitAddress } from "../../../src/runtime/base/git-address.js";
import { createRepositories } from "../../../src/runtime/repositories/index.js";
import { git, type GitServer, gitServer, type TestRepository } from "../../helpers/git-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

let server: GitServer;
beforeAll(async () => {
  server = await gitServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const LINES = Array.from({ length: 20 }, (_, at) => `line ${at}\n`);
const changed = (at: number, text: string) => LINES.map((line, index) => (index === at ? text : line)).join("");
const signal = new AbortController().signal;
const isGone: GitServer["intercept"] = (_, response) => {
  response.writeHead(503).end();
  return true;
};
afterEach(() => {
  server.intercept = () => false;
});
let names = 0;

/** A clone of a repository that has gone on since. */
async function setUp(next: (repository: TestRepository) => string) {
  const home = temporaryFolder();
  const repository = server.make(`app-${++names}`, { "a.txt": LINES.join(""), "b.txt": "b", ".gitignore": "out/\n" });
  const folder = join(home.path, "app");
  const objects = join(home.path, "objects");
  const env = { PATH: process.env["PATH"] };
  const repositories = createRepositories({ env, home: home.path, objectsOf: () => objects, loginFor: () => null });
  const order = { folder, objects, signal, tell: () => undefined };
  const { commit: before } = await repositories.clone(parseGitAddress(repository.url)!, order);
  const after = next(repository);
  const kept: string[] = [];
  return {
    ...{ repositories, repository, folder, before, after, kept },
    fetch: () => repositories.fetch(folder, "main", signal),
    moveTo: (commit: string, edits: "refuse" | "merge" = "refuse") =>
      repositories.moveTo(folder, {
        ...{ commit, edits, signal, tell: () => undefined },
        keep: (paths) => void kept.push(...paths),
      }),
    read: (name: string) => readFileSync(join(folder, name), "utf8"),
    write: (name: string, text: string) => writeFileSync(join(folder, name), text),
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}

test("what is new is listed before anything is changed, then the folder goes there and back", async () => {
  using app = await setUp((repository) => {
    repository.commit({ "a.txt": "new a", "b.txt": null }, "Change a, drop b");
    return repository.commit({ "c.txt": "c" }, "Add “c”\n\nwith a long story");
  });
  expect(await app.fetch()).toBe(app.after);
  expect(await app.repositories.head(app.folder)).toBe(app.before);
  const { commits, count } = await app.repositories.commitsBetween(app.folder, {
    from: app.before,
    to: app.after,
    most: 1,
  });
  expect(count).toBe(2);
  expect(commits).toEqual([
    { commit: app.after, author: "Ada", at: expect.stringMatching(/^\d{4}-/), subject: "Add “c”" },
  ]);
  expect(await app.repositories.filesBetween(app.folder, app.before, app.after)).toEqual([
    { path: "a.txt", kind: "changed" },
    { path: "b.txt", kind: "deleted" },
    { path: "c.txt", kind: "added" },
  ]);
  await app.moveTo(app.after);
  expect(app.read("a.txt")).toBe("new a");
  expect(await app.repositories.branch(app.folder)).toBe("main");
  await app.moveTo(app.before);
  expect([app.read("a.txt"), app.read("b.txt")]).toEqual([LINES.join(""), "b"]);
});

test("a branch that was pushed by force is followed, and told to be none of ours", async () => {
  using app = await setUp((repository) => repository.rewrite({ "a.txt": "rewritten" }));
  expect(await app.fetch()).toBe(app.after);
  expect(await app.repositories.isBefore(app.folder, app.before, app.after)).toBe(false);
  await app.moveTo(app.after);
  expect(app.read("a.txt")).toBe("rewritten");
});

test("edits in files that the new version leaves alone stay as they are", async () => {
  using app = await setUp((repository) => repository.commit({ "b.txt": "new b" }));
  app.write("a.txt", "mine");
  app.write("own.txt", "own");
  await app.fetch();
  expect(await app.repositories.edits(app.folder)).toEqual([
    { path: "a.txt", kind: "changed" },
    { path: "own.txt", kind: "untracked" },
  ]);
  expect(await app.repositories.editsInTheWay(app.folder, app.after)).toEqual([]);
  await app.moveTo(app.after);
  expect([app.read("a.txt"), app.read("b.txt"), app.read("own.txt")]).toEqual(["mine", "new b", "own"]);
});

test("edits in files that the new version changes keep it away, or are merged with a copy kept", async () => {
  using app = await setUp((repository) => repository.commit({ "a.txt": changed(1, "theirs\n") }));
  app.write("a.txt", changed(15, "mine\n"));
  await app.fetch();
  await expect(app.moveTo(app.after)).rejects.toMatchObject({
    code: "app-edited",
    message: expect.stringContaining("a.txt"),
  });
  expect([await app.repositories.head(app.folder), app.read("a.txt")]).toEqual([app.before, changed(15, "mine\n")]);
  await app.moveTo(app.after, "merge");
  expect(app.kept).toEqual([join(app.folder, "a.txt")]);
  expect(app.read("a.txt")).toBe(changed(1, "theirs\n").replace("line 15\n", "mine\n"));
  expect(await app.repositories.head(app.folder)).toBe(app.after);
});

test.each<[string, (app: Awaited<ReturnType<typeof setUp>>) => void]>([
  ["the same lines", (app) => app.write("a.txt", changed(1, "mine\n"))],
  ["a file of one's own where a new one comes", (app) => app.write("c.txt", "mine")],
  ["a file that was deleted", (app) => rmSync(join(app.folder, "a.txt"))],
])("what cannot be merged keeps everything as it is: %s", async (_, edit) => {
  using app = await setUp((repository) => repository.commit({ "a.txt": changed(1, "theirs\n"), "c.txt": "theirs" }));
  edit(app);
  const before = await app.repositories.edits(app.folder);
  await app.fetch();
  await expect(app.moveTo(app.after, "merge")).rejects.toMatchObject({ code: "app-edited" });
  expect(await app.repositories.head(app.folder)).toBe(app.before);
  expect(await app.repositories.edits(app.folder)).toEqual(before);
  expect(app.kept).toEqual([]);
});

test("a copy of a folder of this machine has nothing to fetch, and says so", async () => {
  using app = await setUp((repository) => repository.commit({ "b.txt": "new b" }));
  rmSync(join(app.folder, ".git"), { recursive: true });
  await expect(app.fetch()).rejects.toMatchObject({ code: "repository-missing" });
  expect(await app.repositories.head(app.folder)).toBeNull();
});

test("once its contents are fetched a folder is moved without its server, there and back", async () => {
  using app = await setUp((repository) => repository.commit({ "a.txt": "new a", "b.txt": null, "d/c.txt": "c" }));
  await app.fetch();
  server.intercept = isGone;
  await expect(app.repositories.fetchContents(app.folder, app.after, signal)).rejects.toMatchObject({
    code: "network-failed",
  });
  expect(await app.repositories.edits(app.folder)).toEqual([]);
  server.intercept = () => false;
  await app.repositories.fetchContents(app.folder, app.after, signal);
  server.intercept = isGone;
  await app.repositories.fetchContents(app.folder, app.after, signal); // nothing is left to fetch
  await app.moveTo(app.after);
  expect([app.read("a.txt"), app.read("d/c.txt")]).toEqual(["new a", "c"]);
  await app.moveTo(app.before);
  expect([app.read("a.txt"), app.read("b.txt")]).toEqual([LINES.join(""), "b"]);
});

test("what was cut off before its contents came is taken back without them", async () => {
  using app = await setUp((repository) => repository.commit({ "a.txt": "new a", "c.txt": "c" }));
  await app.fetch();
  server.intercept = isGone;
  const standing = await app.repositories.standing(app.folder, app.after);
  app.write("c.txt", "mine, made since");
  const order = { commit: app.after, standing, mayBeTouched: true };
  expect(await app.repositories.dropUnfinished(app.folder, order)).toEqual(["c.txt"]);
  expect([app.read("a.txt"), app.read("c.txt")]).toEqual([LINES.join(""), "mine, made since"]);
});

test("a move that was cut off is taken back without a look into every file", async () => {
  const count = 40;
  const files = (text: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`f/${at}`, `${text} ${at}`]));
  using app = await setUp((repository) => {
    repository.commit(files("old"));
    return repository.commit({ ...files("new, and longer"), "added.txt": "added" });
  });
  await app.fetch();
  await app.repositories.fetchContents(app.folder, app.after, signal);
  await app.moveTo(git(app.folder, "rev-parse", `${app.after}~1`).trim());
  const standing = await app.repositories.standing(app.folder, app.after);
  app.write("added.txt", "added");
  app.write("f/3", "new, an"); // cut off in the middle of a file
  using shims = temporaryFolder();
  const log = join(shims.path, "log");
  const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  writeFileSync(join(shims.path, "git"), `#!/bin/sh\necho >> '${log}'\nexec '${real}' "$@"\n`, { mode: 0o755 });
  const counted = createRepositories({
    ...{ home: shims.path, objectsOf: () => shims.path, loginFor: () => null },
    env: { PATH: `${shims.path}:${process.env["PATH"]}` },
  });
  const order = { commit: app.after, standing, mayBeTouched: true };
  expect(await counted.dropUnfinished(app.folder, order)).toEqual([]);
  expect(await app.repositories.edits(app.folder)).toEqual([]);
  expect(app.read("f/3")).toBe("old 3");
  expect(readFileSync(log, "utf8").length).toBeLessThan(count);
});

test("edits in a submodule stay; where its new version changes the same file, or it has commits of its own, that is said", async () => {
  const part = server.make("part", { "f.txt": "one", "g.txt": "one" });
  using app = await setUp((repository) => {
    repository.addPart("vendor/part", part, part.url);
    return repository.git("rev-parse", "HEAD").trim();
  });
  const fetched = await app.fetch();
  await app.moveTo(fetched);
  part.commit({ "f.txt": "two" });
  app.repository.addPart("vendor/part", part, part.url);
  const next = await app.fetch();
  app.write("vendor/part/g.txt", "mine");
  expect(await app.repositories.editsInTheWay(app.folder, next)).toEqual([]);
  await app.moveTo(next, "merge");
  expect([app.read("vendor/part/f.txt"), app.read("vendor/part/g.txt")]).toEqual(["two", "mine"]);

  part.commit({ "g.txt": "three" });
  app.repository.addPart("vendor/part", part, part.url);
  const last = await app.fetch();
  await expect(app.moveTo(last, "merge")).rejects.toMatchObject({
    code: "app-edited",
    message: expect.stringMatching(/^Files in submodules of .* changes them too: g\.txt$/),
  });
  await app.moveTo(next, "merge");
  expect(app.read("vendor/part/g.txt")).toBe("mine");

  git(join(app.folder, "vendor/part"), "commit", "-qam", "mine");
  await expect(app.moveTo(last, "merge")).rejects.toMatchObject({
    code: "app-edited",
    message: expect.stringMatching(/^Submodules of .* stand at commits of their own, .*: vendor\/part$/),
  });
  expect(await app.repositories.head(app.folder)).toBe(next);
});

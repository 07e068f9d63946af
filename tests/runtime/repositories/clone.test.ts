import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { parseGitAddress } from "../../../src/runtime/base/git-address.js";
import type { FetchProgress } from "../../../src/runtime/repositories/fill-order.js";
import { createRepositories } from "../../../src/runtime/repositories/index.js";
import { git, type GitServer, gitServer, largeFile } from "../../helpers/git-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const LAUNCHER = { "pinokio.js": "module.exports = {}" };
let server: GitServer;

beforeAll(async () => {
  server = await gitServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  server.login = null;
  server.intercept = () => false;
  server.asked.splice(0);
});

function setUp(env: Record<string, string | undefined> = { PATH: process.env["PATH"], HOME: "/nonexistent" }) {
  const home = temporaryFolder();
  const folder = join(home.path, "repo");
  const objects = join(home.path, "objects");
  const told: FetchProgress[] = [];
  const repositories = createRepositories({ env, home: home.path, objectsOf: () => objects, loginFor: () => null });
  const clone = (text: string, signal = new AbortController().signal, login = null as Login) =>
    repositories.clone(
      parseGitAddress(text)!,
      { folder, objects, signal, retryMs: [], tell: (progress) => void told.push(progress) },
      login,
    );
  return {
    ...{ folder, objects, told, repositories, clone },
    at: (...parts: string[]) => join(folder, ...parts),
    read: (name: string) => readFileSync(join(folder, name), "utf8"),
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}
type Login = { user: string; password: string } | null;

test("a clone has its whole history, and fetches the contents of old files only when they are wanted", async () => {
  const repository = server.make("plain", { ...LAUNCHER, "a.txt": "one" });
  const second = repository.commit({ "a.txt": "two" });
  using home = setUp();
  expect(await home.clone(repository.url)).toEqual({
    url: repository.url,
    isMoved: false,
    branch: "main",
    commit: second,
    needsLogin: false,
  });
  expect(home.read("a.txt")).toBe("two");
  expect(git(home.folder, "rev-list", "--count", "HEAD").trim()).toBe("2");
  expect(git(home.folder, "rev-list", "--objects", "--all", "--missing=print")).toMatch(/^\?/m);
  expect(git(home.folder, "status", "--porcelain")).toBe("");
  expect(existsSync(home.at(".git/hooks"))).toBe(false);
});

test("a branch, a commit, and a commit of no branch", async () => {
  const repository = server.make("versions", { ...LAUNCHER, "a.txt": "one" });
  const first = repository.git("rev-parse", "HEAD").trim();
  repository.git("checkout", "-q", "-b", "dev/next");
  const onBranch = repository.commit({ "a.txt": "dev" });
  repository.git("checkout", "-q", "main");
  const gone = repository.commit({ "a.txt": "gone" });
  const last = repository.rewrite({ "a.txt": "last" });
  using home = setUp();
  expect(await home.clone(`${repository.url}#dev/next`)).toMatchObject({ branch: "dev/next", commit: onBranch });
  expect(await home.clone(`${repository.url}@${first.slice(0, 9)}`)).toMatchObject({ branch: null, commit: first });
  expect(home.read("a.txt")).toBe("one");
  expect(await home.clone(`${repository.url}@${gone}`)).toMatchObject({ branch: null, commit: gone });
  expect(await home.clone(repository.url)).toMatchObject({ branch: "main", commit: last });
  expect(await home.clone(`${repository.url}#main@${first}`)).toMatchObject({ branch: "main", commit: first });
  expect(git(home.folder, "rev-parse", "--abbrev-ref", "@{upstream}").trim()).toBe("origin/main"); // as git pull wants it
  expect(await home.clone(`${repository.url}#gone@${first}`)).toMatchObject({ branch: null, commit: first });
  await expect(home.clone(`${repository.url}#nowhere`)).rejects.toMatchObject({
    code: "branch-missing",
    message: `${repository.url} has no branch or commit nowhere`,
  });
  await expect(home.clone(`${repository.url}@${"0".repeat(40)}`)).rejects.toMatchObject({ code: "branch-missing" });
});

test("what keeps a repository from coming is said in words, with its address", async () => {
  const repository = server.make("failing", LAUNCHER);
  using home = setUp();
  await expect(home.clone(`${server.url}/nothing.git`)).rejects.toMatchObject({
    code: "repository-missing",
    message: `There is no git repository at ${server.url}/nothing.git`,
  });
  server.login = { user: "ada", password: "right" };
  await expect(home.clone(repository.url)).rejects.toMatchObject({ code: "login-needed" });
  server.intercept = (request) => {
    request.socket.destroy();
    return true;
  };
  await expect(home.clone(repository.url)).rejects.toMatchObject({ code: "network-failed" });
  await expect(home.clone("http://127.0.0.1:1/a/b.git")).rejects.toMatchObject({
    code: "network-failed",
    message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/a\/b\.git could not be reached: /),
  });
  await expect(home.clone("https://does-not-exist.invalid/a/b")).rejects.toMatchObject({ code: "network-failed" });
  using without = setUp({ PATH: "/nonexistent" });
  await expect(without.clone(repository.url)).rejects.toMatchObject({ code: "tool-missing" });
});

test("a private repository: its token is in no argument, address, setting or error", async () => {
  const repository = server.make("private", LAUNCHER);
  server.login = { user: "ada", password: "s3cr3t-t0ken" };
  using home = setUp();
  await expect(home.clone(repository.url.replace("//", "//ada:wr0ng-one@"))).rejects.toMatchObject({
    code: "login-needed",
    message: expect.not.stringContaining("wr0ng") as unknown,
  });
  const clones = home.clone(repository.url.replace("//", "//ada:s3cr3t-t0ken@"));
  let arguments_ = "";
  server.intercept = () => {
    arguments_ += execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    return false;
  };
  await clones;
  expect(arguments_).toContain("private.git");
  expect(arguments_).not.toContain("s3cr3t");
  expect(readFileSync(home.at(".git/config"), "utf8")).not.toContain("s3cr3t");
  expect(() => execFileSync("grep", ["-rq", "s3cr3t", home.folder])).toThrow(); // it finds nothing
});

test("a repository that has moved is followed, and its new address is said and kept", async () => {
  const repository = server.make("new-home", LAUNCHER);
  server.moved.set("old-home", "new-home");
  using home = setUp();
  expect(await home.clone(`${server.url}/old-home.git`)).toMatchObject({ url: repository.url, isMoved: true });
  expect(git(home.folder, "remote", "get-url", "origin").trim()).toBe(repository.url);
});

test("a clone that is cut off leaves none of its processes, and starts anew", async () => {
  const repository = server.make("slow", { ...LAUNCHER, "a.txt": "a" });
  using home = setUp();
  const cut = new AbortController();
  let isStuck: () => void = () => undefined;
  const stuck = new Promise<void>((resolve) => (isStuck = resolve));
  server.intercept = (request) => {
    if (request.method !== "POST") return false;
    isStuck(); // never answered
    return true;
  };
  const clones = home.clone(repository.url, cut.signal);
  clones.catch(() => undefined);
  await stuck;
  expect(running(home.folder)).not.toBe("");
  cut.abort(new Error("cancelled"));
  await expect(clones).rejects.toThrow("cancelled");
  expect(running(home.folder)).toBe("");
  writeFileSync(join(home.folder, "..", "beside.txt"), "");
  server.intercept = () => false;
  await home.clone(repository.url);
  expect(home.read("a.txt")).toBe("a");
});

const running = (about: string): string =>
  execFileSync("sh", ["-c", 'ps -eo args | grep -F -- "$0" | grep -v grep || true', about], { encoding: "utf8" });

test("large files: fetched once, kept over an interruption, and no edit in git's eyes", async () => {
  const [first, second] = [Buffer.alloc(300_000, 1), Buffer.alloc(200_000, 2)];
  const repository = server.make("large", {
    ...LAUNCHER,
    ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n",
    "one.bin": largeFile(server, first),
    "below/two.bin": largeFile(server, second),
    "below/same.bin": largeFile(server, second),
  });
  using home = setUp();
  server.intercept = (request, response) => {
    if (!request.url!.startsWith("/large/") || server.large.get(request.url!.slice(7)) !== second) return false;
    response.writeHead(403).end();
    return true;
  };
  await expect(home.clone(repository.url)).rejects.toThrow(/403/);
  server.intercept = () => false;
  server.asked.splice(0);
  await home.clone(repository.url);
  expect(server.asked.filter((url) => url.startsWith("/large/"))).toHaveLength(1);
  expect(readFileSync(home.at("one.bin")).equals(first)).toBe(true);
  expect(readFileSync(home.at("below/two.bin")).equals(second)).toBe(true);
  expect(readFileSync(home.at("below/same.bin")).equals(second)).toBe(true);
  expect(git(home.folder, "status", "--porcelain")).toBe("");
  expect(readdirSync(home.objects)).toEqual([]);
  const moved = `${home.folder} moved`; // as an app is, once it has arrived
  renameSync(home.folder, moved);
  for (const name of ["one.bin", "below/two.bin"]) utimesSync(join(moved, name), 1, 1); // git looks into them again
  expect(await home.repositories.edits(moved)).toEqual([]);
  writeFileSync(join(moved, "one.bin"), "edited");
  expect(await home.repositories.edits(moved)).toEqual([{ path: "one.bin", kind: "changed" }]);
  expect(home.told.some(({ phase, progress }) => phase === "lfs" && progress?.total === 500_000)).toBe(true);
});

test("large files of a private repository are asked for with its token; what the server lacks is said", async () => {
  server.login = { user: "ada", password: "right" };
  const repository = server.make("large-private", {
    ".gitattributes": "*.bin filter=lfs",
    "one.bin": largeFile(server, Buffer.alloc(1_000, 7)),
  });
  using home = setUp();
  await home.clone(repository.url, undefined, server.login);
  expect(readFileSync(home.at("one.bin")).length).toBe(1_000);
  server.large.clear();
  await expect(home.clone(repository.url, undefined, server.login)).rejects.toMatchObject({
    code: "network-failed",
    message: expect.stringContaining("Object does not exist"),
  });
});

test("submodules come along, theirs too", async () => {
  const inner = server.make("inner", { "deep.txt": "deep" });
  const outer = server.make("outer", { "mid.txt": "mid" });
  const repository = server.make("with-parts", LAUNCHER);
  outer.addPart("inner", inner, inner.url);
  repository.addPart("parts/outer", outer, "../outer.git");
  using home = setUp();
  await home.clone(repository.url);
  expect(home.read("parts/outer/inner/deep.txt")).toBe("deep");
});

test("a file name that this system cannot hold is said before anything is written", async () => {
  const repository = server.make("long-name", LAUNCHER);
  const blob = repository.git("rev-parse", "HEAD:pinokio.js").trim();
  const name = `${"字".repeat(100)}.txt`;
  repository.git("update-index", "--add", "--cacheinfo", `100644,${blob},${name}`);
  repository.git("commit", "-qm", "long");
  repository.git("push", "-q", repository.bare, "HEAD");
  using home = setUp();
  await expect(home.clone(repository.url)).rejects.toMatchObject({ code: "name-unsupported" });
});

test("neither hooks of a template nor what git was told elsewhere run; other protocols are refused", async () => {
  const repository = server.make("protocols", LAUNCHER);
  const part = server.make("protocols-part", LAUNCHER);
  repository.addPart("part", part, `file://${part.bare}`);
  using home = setUp();
  await expect(home.clone(repository.url)).rejects.toMatchObject({
    code: "source-unsupported",
    message: expect.stringContaining("file"),
  });
});

test("a folder of this machine may be named as file://, and 50,000 files arrive", async () => {
  using work = temporaryFolder();
  const bare = join(work.path, "many.git");
  git(work.path, "init", "-q", "--bare", bare);
  const lines = ["blob\nmark :1\ndata 1\nx\n", "commit refs/heads/main\ncommitter A <a@b> 0 +0000\ndata 1\nm\n"];
  for (let at = 0; at < 50_000; at++) lines.push(`M 100644 :1 d${at % 500}/f${at}.txt\n`);
  execFileSync("git", ["fast-import", "--quiet"], { cwd: bare, input: lines.join("") });
  git(bare, "symbolic-ref", "HEAD", "refs/heads/main");
  using home = setUp();
  await home.clone(`file://${bare}`);
  expect(readdirSync(home.folder).filter((name) => name !== ".git")).toHaveLength(500);
  expect(home.told.filter(({ phase }) => phase === "files").at(-1)).toEqual({
    phase: "files",
    progress: { done: 50_000, total: 50_000, unit: "files" },
  });
}, 60_000);

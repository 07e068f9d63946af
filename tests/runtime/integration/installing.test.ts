import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { App } from "../../../src/runtime/protocol/apps.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { type GitServer, gitServer } from "../../helpers/git-server.js";
import { connectTo } from "../../helpers/connect-to.js";
import { BUNDLES, testHome, type TestHome, until } from "../../helpers/command-line.js";

let server: GitServer;
let home: TestHome;

beforeAll(async () => {
  server = await gitServer();
  home = testHome();
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  server.login = null;
  server.intercept = () => false;
});

const shell = (message: string) => JSON.stringify({ run: [{ method: "shell.run", params: { message } }] });
const app = (message: string) => ({
  "pinokio.js": "module.exports = { title: 'Mine' }",
  "install.json": shell(message),
});
const at = (...parts: string[]) => join(home.path, "api", ...parts);
const records = () =>
  (JSON.parse(readFileSync(join(home.path, "library/installed.json"), "utf8")) as { apps: Record<string, object> })
    .apps;
const apps = async () => JSON.parse((await home.run("list", "--json")).out) as App[];
const stateOf = async (id: string) => (await apps()).find((one) => one.id === id)?.state;
/** At a terminal, where Ctrl-C ends it. */
const beginInstall = (url: string) =>
  execa(process.env["PINOKIOCLOUD_NODE"] ?? process.execPath, [join(BUNDLES, "cli.mjs"), "install", url, "--yes"], {
    ...{ env: home.environment(), stdin: "ignore", reject: false },
  });
const connected = async () => {
  const { request, close } = await connectTo(home);
  return { request, [Symbol.asyncDispose]: () => Promise.resolve(close()) };
};
const left = () => (existsSync(at(".fetched")) ? readdirSync(at(".fetched")) : []);
const killSidecar = () => process.kill(readSidecarRecord(join(home.path, "run/sidecar.json"))!.pid, "SIGKILL");

test("an app is installed from an address: fetched, agreed to, moved into place, and its script run", async () => {
  const repository = server.make("mine", app("echo it works; echo $((40 + 2))"));
  const told = await home.run("install", repository.url);
  expect(told.err).toMatch(/From {4}http.*mine\.git at [0-9a-f]{40}/);
  expect(told.err).toMatch(/install\.json\n {4}echo it works/);
  expect(existsSync(at("mine"))).toBe(false);
  const clones = server.asked.length;
  const done = await home.run("install", repository.url, "--yes");
  expect(done.out).toMatch(/42[^]*Installed mine\. Start it with/);
  expect(server.asked.length).toBe(clones); // what was looked at is what was put in place
  expect(records()["mine"]).toMatchObject({
    source: repository.url,
    repository: repository.url,
    branch: "main",
    commit: repository.git("rev-parse", "HEAD").trim(),
    state: "installed",
  });
  expect(left()).toEqual([]);

  const again = await home.run("install", repository.url, "--yes");
  expect(again.err).toMatch(/mine was installed from .*mine\.git already/);
  expect((await home.run("install", repository.url, "--yes", "--name", "Mine")).err).toMatch(
    /An app named mine is already installed, and Mine differs from it only in case/,
  );
  expect((await home.run("install", repository.url, "--yes", "--name", "second")).code).toBe(0);
});

test("another repository of the same name gets a name of its own", async () => {
  const other = server.make("elsewhere-mine", app("echo other"));
  server.intercept = (request) => {
    request.url = request.url!.replace("/team/mine.git/", "/elsewhere-mine.git/");
    return false;
  };
  const { out } = await home.run("install", `${server.url}/team/mine.git`, "--yes");
  expect(out).toMatch(/Installed mine-2/);
  expect(other.git("rev-parse", "HEAD").trim()).toBe((records()["mine-2"] as { commit: string }).commit);
});

test("a branch, a commit, a private repository with a token that no file of the app holds", async () => {
  const repository = server.make("private", app("echo main"));
  const first = repository.git("rev-parse", "HEAD").trim();
  repository.git("checkout", "-q", "-b", "dev");
  // Its own git is let in where the app came from; elsewhere nobody is asked for a login, and that is said.
  const part = "git clone -q origin part && echo part: $((40 + 2))".replace("origin", repository.url);
  repository.commit(app(`${part}; git clone -q ${server.url.replace("127.0.0.1", "localhost")}/private.git other`));
  server.login = { user: "x-access-token", password: "t0ken-that-works" };
  const refused = await home.run("install", repository.url, "--yes");
  expect(refused.err).toMatch(/wants a login, or is not there\nhint: .*give a token/);
  const run = (...more: string[]) =>
    home.runWith({ MINE: "t0ken-that-works" }, "install", repository.url, "--yes", "--token-from", "MINE", ...more);
  const { out } = await run("--branch", "dev");
  expect(out).toMatch(/part: 42[^]*git wants a login for http:\/\/localhost:\d+, and asks nobody[^]*Installed private/);
  expect(existsSync(at("private/part/install.json"))).toBe(true);
  expect(readFileSync(at("private/.git/config"), "utf8")).not.toContain("t0ken");
  expect(readFileSync(join(home.path, "logs/sidecar.log"), "utf8")).not.toContain("t0ken");
  const pinned = await home.run("install", repository.url, "--yes", "--commit", first, "--name", "pinned");
  expect(pinned.out).toMatch(/main[^]*Installed pinned/); // the token was kept
  expect(records()["pinned"]).toMatchObject({ branch: null, commit: first, needsLogin: true });

  // What lets git in lies beside the socket, as long as an app is there that came from that host.
  const logins = () =>
    readdirSync(dirname(readSidecarRecord(join(home.path, "run/sidecar.json"))!.socket)).filter((name) =>
      name.startsWith("git-"),
    );
  const before = logins();
  const more = ["--token-from", "MINE", "--commit", first, "--name", "alone"];
  const elsewhere = `${server.url.replace("127.0.0.1", "localhost")}/private.git`;
  await home.runWith({ MINE: "t0ken-that-works" }, "install", elsewhere, "--yes", ...more);
  expect(logins()).toHaveLength(before.length + 1);
  const name = `GIT_TOKEN_LOCALHOST_${new URL(elsewhere).port}`;
  expect((await home.run("uninstall", "alone", "--yes")).out).toContain(`config secrets --forget ${name}\n`);
  expect((await home.run("config", "secrets", "--forget", name)).out).toBe(`Forgot ${name}\n`);
  expect(logins()).toEqual(before);

  // An app that anybody can fetch gets nobody's login, though one is known for its host.
  server.login = null;
  const open = server.make("open", app("git credential fill <<< url=$(git remote get-url origin); echo asked"));
  const asked = await home.run("install", open.url, "--yes");
  expect(asked.out).toMatch(/asked[^]*Installed open/);
  expect(asked.out).not.toContain("password=");
  expect(records()["open"]).toMatchObject({ needsLogin: false });
});

test("a fetch that is cancelled leaves nothing; one whose sidecar is killed is done anew", async () => {
  const repository = server.make("cut", app("echo whole"));
  let isAsked: () => void = () => undefined;
  server.intercept = (request) => {
    if (request.method !== "POST" || !request.url!.startsWith("/cut.git/")) return false;
    isAsked();
    return true;
  };
  const stuck = () => new Promise<void>((resolve) => (isAsked = resolve));

  await using connection = await connected();
  let reached = stuck();
  const { job } = await connection.request("apps.fetch", { source: repository.url });
  await reached;
  expect(await connection.request("jobs.cancel", { jobId: job!.id })).toMatchObject({ state: "cancelled" });
  expect(home.processes().filter(isGit)).toEqual([]);

  reached = stuck();
  const installing = beginInstall(repository.url);
  await reached;
  installing.kill("SIGINT");
  expect(await installing).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/^Fetch cut was cancelled$/m) });

  reached = stuck();
  await connection.request("apps.fetch", { source: repository.url });
  await reached;
  killSidecar();
  server.intercept = () => false;
  expect((await home.run("install", repository.url, "--yes")).out).toMatch(/whole[^]*Installed cut/);
  expect(home.processes().filter(isGit)).toEqual([]);
  expect(left()).toEqual([]);
});

/** One that fetches; the sidecar may look for updates of other apps meanwhile. */
const isGit = (pid: number) => {
  try {
    return /git[^]*cut\.git/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    return false;
  }
};

test("two are installed at a time, a third waits, and each can be cancelled", async () => {
  const folders = ["one", "two", "three"].map((name) => {
    const folder = join(home.path, "..", name);
    for (const [file, text] of Object.entries(app("echo begun; while [ ! -e go ]; do sleep 0.05; done"))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return folder;
  });
  await using connection = await connected();
  const client = connection;
  const begun = [];
  for (const source of folders) {
    const { fingerprint } = await client.request("apps.inspect", { source });
    begun.push(await client.request("apps.install", { source, agreed: fingerprint }));
  }
  expect(begun.map(({ job }) => job.state)).toEqual(["working", "working", "waiting"]);
  expect(begun[2]!.runId).toBeNull();
  expect(existsSync(at("three"))).toBe(false);
  await expect(client.request("apps.install", { source: folders[2]!, agreed: "" })).rejects.toMatchObject({
    code: "app-exists",
  });
  const working = await until(
    () => client.request("jobs.list", {}),
    (jobs) => jobs.some(({ appId, step }) => appId === "one" && step !== null),
  );
  expect(working.find(({ appId }) => appId === "one")).toMatchObject({ phase: "script", step: { at: 1, of: 1 } });

  expect(await client.request("jobs.cancel", { jobId: begun[0]!.job.id })).toMatchObject({ state: "cancelled" });
  expect(await stateOf("one")).toBe("install-failed");
  await until(
    () => client.request("jobs.list", {}),
    (jobs) => runIdOf(jobs, "three") !== null,
  );
  for (const name of ["two", "three"]) writeFileSync(at(name, "go"), "");
  for (const { job } of begun.slice(1)) {
    expect(await client.request("jobs.wait", { jobId: job.id, waitMs: 20_000 })).toMatchObject({ state: "done" });
  }
  writeFileSync(at("one", "go"), "");
  const { job } = await client.request("apps.resume", { appId: begun[0]!.appId });
  expect(await client.request("jobs.wait", { jobId: job.id, waitMs: 20_000 })).toMatchObject({ state: "done" });
  expect(await stateOf("one")).toBe("installed");
});

const runIdOf = (jobs: readonly Job[], app: string) => jobs.find(({ appId }) => appId === app)?.runId ?? null;

test("an installation whose sidecar is killed goes on, and the next one shows it as a job", async () => {
  const repository = server.make("outlives", app("echo > begun; while [ ! -e go ]; do sleep 0.05; done"));
  const installing = home.run("install", repository.url, "--yes");
  await until(() => existsSync(at("outlives/begun")), Boolean);
  killSidecar();
  await using connection = await connected();
  const [job] = await until(
    () => connection.request("jobs.list", {}),
    (jobs) => jobs.length > 0,
  );
  expect(job).toMatchObject({ kind: "install", appId: "outlives", state: "working", runId: expect.any(String) });
  writeFileSync(at("outlives/go"), "");
  expect(await connection.request("jobs.wait", { jobId: job!.id, waitMs: 20_000 })).toMatchObject({ state: "done" });
  expect((await installing).out).toMatch(/Installed outlives/);
});

test("Ctrl-C ends an installation; what is there says so, warns who starts it, and is gone on with by its name", async () => {
  const install = "echo > begun; while [ ! -e go ]; do sleep 0.05; done";
  const { url } = server.make("halted", { ...app(install), "start.json": shell("echo started") });
  const installing = beginInstall(url);
  await until(() => existsSync(at("halted/begun")), Boolean);
  expect(await home.run("run", "halted")).toMatchObject({
    code: 1,
    err: expect.stringContaining("is being installed"),
  });
  installing.kill("SIGINT");
  const { exitCode, stderr } = await installing;
  expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/Ending the installation of halted/) as unknown]);
  const unfinished = "halted is not installed yet: install.json was stopped. Go on with: pinokiocloud install halted";
  expect(stderr).toContain(unfinished);
  expect(records()["halted"]).toMatchObject({ state: "install-failed" });
  expect((await home.run("list")).err).toContain(unfinished);
  expect(await home.run("run", "halted", "start.json")).toMatchObject({ code: 0, err: `warning: ${unfinished}\n` });

  writeFileSync(at("halted/go"), "");
  const gone = await home.run("install", "halted", "--yes");
  expect([gone.code, gone.err]).toEqual([
    0,
    "halted was not installed to its end: install.json was stopped. That goes on now\n",
  ]);
  expect((await home.run("run", "halted", "start.json")).err).toBe("");
});

test("a name that nothing has is said to be none, and a launcher that fails is not installed", async () => {
  const named = await home.run("install", "helo-server");
  expect([named.code, named.err]).toEqual([
    1,
    expect.stringMatching(/no package called "helo-server"\nhint: Near to it: .*hello-server/),
  ]);
  expect(await home.run("stop", "nosuch")).toMatchObject({ code: 1, err: expect.stringContaining("is called nosuch") });
  expect(await home.run("env", "list", "nosuch")).toMatchObject({ code: 1 });
  const near = "error: No app named haltd is installed\nhint: Near to it: halted\n";
  expect(await home.run("uninstall", "haltd", "--yes")).toMatchObject({ code: 1, err: near });
  const { url } = server.make("thrower", { ...app("echo"), "pinokio.js": "throw new Error('no such thing')" });
  const broken = await home.run("install", url, "--yes");
  expect([broken.code, broken.err]).toEqual([1, expect.stringMatching(/no such thing[^]*Nothing was installed/)]);
  expect(existsSync(at("thrower"))).toBe(false);
});

test("an app that fails says why in its job, and an app for a while leaves what it made and nothing else", async () => {
  const failing = server.make("failing", {
    ...app(""),
    "install.json": JSON.stringify({ run: [{ method: "script.start", params: { uri: "missing.json" } }] }),
  });
  expect((await home.run("install", failing.url, "--yes")).code).toBe(1);
  await using connection = await connected();
  const jobs = await connection.request("jobs.list", {});
  expect(jobs.find(({ appId }) => appId === "failing")).toMatchObject({
    state: "failed",
    error: { message: expect.stringContaining("missing.json") },
  });

  const repository = server.make("brief", {
    ...app("echo installed"),
    "make.json": JSON.stringify({
      run: [
        { method: "fs.link", params: { drive: { ckpt: "models" } } },
        {
          method: "shell.run",
          params: { message: "mkdir -p out; echo picture > out/a.txt; echo more > b.txt; echo model > models/m.bin" },
        },
      ],
    }),
  });
  expect((await home.run("install", repository.url, "--yes", "--studio")).code).toBe(0);
  expect((await home.run("run", "brief", "make.json")).code).toBe(0);
  const made = await connection.request("studio.files", { appId: (await apps()).find(({ id }) => id === "brief")!.id });
  expect(made.files.map(({ path }) => path).sort()).toEqual(["b.txt", "models/m.bin", "out/a.txt"]);
  const [onDrive] = made.drive;
  expect(onDrive).toMatchObject({ folder: expect.stringMatching(/^drive\/drives\/peers\/d\d+\/ckpt$/), mayGo: true });
  const to = join(home.path, "..", "kept");
  const ended = await home.run("studio", "end", "brief", "--to", to, "--drive", "--yes");
  expect(ended.out).toMatch(/Kept 3 files in .*kept\nRemoved every trace of brief: .* came back/);
  expect(readFileSync(join(to, "out/a.txt"), "utf8")).toBe("picture\n");
  expect(readFileSync(join(to, "models/m.bin"), "utf8")).toBe("model\n");
  expect(existsSync(join(home.path, onDrive!.folder))).toBe(false);
  expect(existsSync(at("brief"))).toBe(false);
  expect(records()["brief"]).toBeUndefined();
  expect((await home.run("studio", "files", "mine")).err).toMatch(/was installed to stay/);
});

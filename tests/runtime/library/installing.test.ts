import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openInstalledStore } from "../../../src/runtime/library/installed-store.js";
import type { InstallPackage, InstallWorld } from "../../../src/runtime/library/installing/world.js";
import { createJobs } from "../../../src/runtime/library/jobs.js";
import { createLibrary } from "../../../src/runtime/library/library.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import type { LauncherMenu } from "../../../src/runtime/protocol/launcher.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { createRepositories } from "../../../src/runtime/repositories/index.js";
import { type GitServer, gitServer } from "../../helpers/git-server.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

let server: GitServer;
beforeAll(async () => {
  server = await gitServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const LAUNCHER = { "pinokio.js": "module.exports = { title: 'x', token: process.env.HF_TOKEN }" };
const SCRIPT = { "install.json": '{"run": [{"method": "log"}]}' };
let names = 0;
const newName = () => `app${++names}`;

const saysNothing: LauncherMenu = { title: "X", description: "", iconFile: null, launcherRoot: "", menu: [] };

/** A library that fetches with git; its scripts are runs that the test moves on. */
function testLibrary(packages: readonly InstallPackage[] = [], mayStart = (): void => undefined) {
  const folder = temporaryFolder();
  const api = join(folder.path, "home/api");
  const file = join(folder.path, "home/library/installed.json");
  const env = { PATH: process.env["PATH"] };
  const jobs = createJobs();
  const repositories = createRepositories({ env, home: folder.path, objectsOf: () => "", loginFor: () => null });
  const stopped: string[] = [];
  let hear: (run: Run, isWaiting: boolean) => void = () => undefined;
  let over: (run: Run) => void = () => undefined;
  const installs: InstallWorld = {
    jobs,
    clone: (address, order, login) => repositories.clone(address, { ...order, retryMs: [] }, login),
    findPackage: (id) => Promise.resolve(packages.find((one) => one.id === id) ?? null),
    near: (id) => Promise.resolve(packages.filter((one) => one.id[0] === id[0]).map((one) => one.id)),
    isOfSource: (text) => packages.some((one) => one.id.startsWith(`${text.split("/")[0]}/`)),
    packageAt: (url) => Promise.resolve(packages.find((one) => one.repository === url) ?? null),
    keepLogin: () => undefined,
    follow: (_, onChange) => {
      hear = onChange;
      return new Promise((resolve) => (over = resolve));
    },
    stop: (id) => {
      stopped.push(id);
      over(endedRun("stopped"));
      return Promise.resolve();
    },
    explain: () => Promise.resolve(null),
    usualMs: () => 90_000,
    noteFolders: () => Promise.resolve(),
  };
  const open = () =>
    createLibrary({
      api,
      userHome: folder.path,
      store: openInstalledStore(file),
      installs,
      log: { file: "", write: () => undefined },
      world: {
        menu: () => Promise.resolve(saysNothing),
        look: () => Promise.resolve({ menu: saysNothing, description: { ...saysNothing, scripts: [] } }),
        facts: () => Promise.resolve({ home: "", platform: "linux", arch: "x64", gpu: "none", scripts: {} }),
        runs: () => [],
        startScript: () => {
          mayStart();
          return Promise.resolve(sampleRun({ script: "x/install.json" }));
        },
        now: () => new Date("2026-01-01T00:00:00Z"),
      },
    });
  const library = open();
  return {
    ...{ library, open, jobs, api, stopped },
    hear: (run: Run, isWaiting = false) => hear(run, isWaiting),
    end: (run: Run) => over(run),
    install: async (source: string, more: { despiteWarning?: boolean } = {}) => {
      const { fingerprint } = await library.inspect(source);
      return library.install({ source, agreed: fingerprint, ...more });
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const endedRun = (outcome: "finished" | "failed" | "stopped"): Run =>
  sampleRun({ script: "x/install.json", state: "ended", end: { outcome, error: null, at: "" } });

const packageOf = (id: string, more: Partial<InstallPackage>): InstallPackage => ({
  ...{ id, name: id.toUpperCase(), install: "", repository: null, warning: null, diskGB: null, credentials: [] },
  ...more,
});

test("a person sees what is known beforehand: moved, secrets, commit; nothing is in the app's place yet", async () => {
  const name = newName();
  const repository = server.make(name, LAUNCHER);
  server.moved.set(`old-${name}`, name);
  using home = testLibrary();
  const old = `${server.url}/old-${name}.git`;
  expect(await home.library.inspect(old)).toMatchObject({
    source: old,
    name: `old-${name}`,
    repository: repository.url,
    movedFrom: old,
    branch: "main",
    commit: repository.git("rev-parse", "HEAD").trim(),
    secrets: ["HF_TOKEN"],
    agreed: false,
    installed: false,
  });
  expect(readdirSync(home.api)).toEqual([".fetched"]);
});

test("a repository that has moved is not installed a second time by its old address, unless a name is given", async () => {
  const name = newName();
  const { url } = server.make(name, LAUNCHER);
  server.moved.set(`old-${name}`, name);
  using home = testLibrary();
  const old = `${server.url}/old-${name}.git`;
  const { appId } = await home.install(old);
  const { installed, fingerprint, name: known } = await home.library.inspect(old);
  expect([installed, known]).toEqual([true, appId]);
  await expect(home.library.install({ source: old, agreed: fingerprint })).rejects.toMatchObject({
    code: "app-exists",
    message: `${appId} was installed from ${old}, which is ${url} now, already`,
  });
  await home.library.refuse(old);
  await expect(home.library.install({ source: old, agreed: fingerprint })).rejects.toMatchObject({
    code: "app-exists",
  });
  expect(home.library.ids()).toEqual([appId]);
  const second = AppId.parse(`${name}-second`);
  await home.library.install({ source: old, agreed: fingerprint, name: second });
  expect(home.library.ids()).toEqual(expect.arrayContaining([appId, second]));
});

test("a package with a warning is installed only by who says so, whether by its name or its address", async () => {
  const { url } = server.make(newName(), LAUNCHER);
  const warned = packageOf("bad", { install: url, repository: url, warning: "It mines coins", credentials: ["KEY"] });
  using home = testLibrary([warned]);
  for (const source of ["bad", url]) {
    expect(await home.library.inspect(source)).toMatchObject({ package: "bad", warning: "It mines coins" });
    await expect(home.install(source)).rejects.toMatchObject({
      code: "warning-unheeded",
      message: "BAD comes with a warning: It mines coins",
    });
  }
  const { appId } = await home.install("bad", { despiteWarning: true });
  expect(home.library.record(appId)).toMatchObject({ package: "bad", repository: url, state: "installed" });
});

test("what a source of the catalog calls a package is that package, and never what is called so on GitHub", async () => {
  const { url } = server.make(newName(), LAUNCHER);
  const warning = "It mines coins";
  using home = testLibrary([packageOf("my-index/tool", { install: url, repository: url, warning })]);
  expect(await home.library.inspect("my-index/tool")).toMatchObject({ repository: url, package: "my-index/tool" });
  await expect(home.install("my-index/tool")).rejects.toMatchObject({ code: "warning-unheeded" });
  for (const gone of ["my-index/gone", "my-index/tool#dev"]) {
    await expect(home.library.inspect(gone)).rejects.toMatchObject({ code: "package-missing" });
  }
});

test("a catalog that others write names repositories, and nothing of this machine", async () => {
  using home = testLibrary([packageOf("local", { install: "file:///etc", repository: "file:///etc" })]);
  await expect(home.library.inspect("local")).rejects.toMatchObject({ code: "source-unsupported" });
});

test("what nothing is called is no folder: what is named nearly so is said", async () => {
  using home = testLibrary([packageOf("comfy", {})]);
  await expect(home.library.inspect("comfi")).rejects.toMatchObject({
    code: "package-missing",
    message: 'The catalog has no package called "comfi"',
    hint: expect.stringMatching(/^Near to it: comfy\. .* folder, such as \.\/my-app$/) as unknown,
  });
  await expect(home.library.inspect("github.com/ada")).rejects.toMatchObject({
    code: "package-missing",
    hint: "Is github.com a host? Then a repository of it is github.com/owner/name",
  });
  await expect(home.library.inspect("two words")).rejects.toMatchObject({ code: "package-missing" });
  await expect(home.library.inspect("./here")).rejects.toMatchObject({ code: "app-invalid" });
});

test("an app whose installation is not over is found by its name and by where it came from", async () => {
  const name = newName();
  const { url } = server.make(name, { ...LAUNCHER, ...SCRIPT });
  using home = testLibrary();
  const { appId, job } = await home.install(url);
  expect(await home.library.unfinished(url)).toBeNull(); // it is under way
  await home.jobs.cancel(job.id);
  home.library.noteRun(sampleRun({ ...endedRun("stopped"), appId, script: `${appId}/install.json` }));
  expect([await home.library.unfinished(url), await home.library.unfinished(appId)]).toEqual([appId, appId]);
  home.library.noteRun(sampleRun({ ...endedRun("finished"), appId, script: `${appId}/install.json` }));
  expect([await home.library.unfinished(url), await home.library.unfinished(appId)]).toEqual([null, null]);
});

test("an app that is installed, or is being installed, is not looked for in the catalog", async () => {
  const name = newName();
  const { url } = server.make(name, { ...LAUNCHER, ...SCRIPT });
  using home = testLibrary();
  const { job } = await home.install(url);
  await expect(home.library.inspect(name)).rejects.toMatchObject({
    code: "app-exists",
    message: `${name} is being installed`,
  });
  home.end(endedRun("finished"));
  await home.jobs.done(job.id);
  await expect(home.library.inspect(name)).rejects.toMatchObject({
    code: "app-exists",
    message: `${name} is installed already`,
  });
});

test("an app that is only being fetched is not looked for in the catalog either", async () => {
  const name = newName();
  const { url } = server.make(name, { ...LAUNCHER, ...SCRIPT });
  using home = testLibrary();
  let isReached: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (isReached = resolve));
  server.intercept = (request) => {
    if (request.method === "POST") isReached();
    return request.method === "POST"; // it never answers
  };
  const job = await home.library.fetch(url);
  await reached;
  for (const ask of [home.library.inspect(name), home.library.unfinished(name)]) {
    await expect(ask).rejects.toMatchObject({
      code: "app-exists",
      message: `${name} is being installed: it is being fetched from ${url}`,
    });
  }
  await home.jobs.cancel(job!.id);
  server.intercept = () => false;
  await expect(home.library.inspect(name)).rejects.toMatchObject({ code: "package-missing" });
});

test("an app of a repository that has moved is gone on with by its old address too", async () => {
  const name = newName();
  server.make(name, { ...LAUNCHER, ...SCRIPT });
  server.moved.set(`old-${name}`, name);
  using home = testLibrary();
  const old = `${server.url}/old-${name}.git`;
  const { appId, job } = await home.install(old);
  await home.jobs.cancel(job.id);
  home.library.noteRun(sampleRun({ ...endedRun("stopped"), appId, script: `${appId}/install.json` }));
  expect(await home.library.unfinished(old)).toBe(appId);
});

test("what a person refuses does not stay", async () => {
  const { url } = server.make(newName(), LAUNCHER);
  using home = testLibrary();
  await home.library.inspect(url);
  expect(readdirSync(join(home.api, ".fetched"))).toHaveLength(1);
  await home.library.refuse(url);
  expect(readdirSync(join(home.api, ".fetched"))).toEqual([]);
});

test("a repository that is no app, or needs more room than there is, leaves nothing", async () => {
  const empty = server.make(newName(), { "README.md": "" });
  const big = server.make(newName(), LAUNCHER);
  using home = testLibrary([packageOf("big", { install: big.url, repository: big.url, diskGB: 1e9 })]);
  await expect(home.library.inspect(empty.url)).rejects.toMatchObject({ code: "app-invalid" });
  expect(readdirSync(join(home.api, ".fetched"))).toEqual([]);
  await expect(home.install("big")).rejects.toMatchObject({
    code: "out-of-space",
    message: expect.stringMatching(/^It needs about .*, and .* are free$/),
  });
  expect(home.library.ids()).toEqual([]);
});

test("what was agreed to is what is installed, also when the repository has gone on meanwhile", async () => {
  const repository = server.make(newName(), LAUNCHER);
  using home = testLibrary();
  const { fingerprint } = await home.library.inspect(repository.url);
  repository.commit({ "pinokio.js": "changed" });
  await expect(home.library.install({ source: repository.url, agreed: "another" })).rejects.toMatchObject({
    code: "agreement-needed",
  });
  const { appId } = await home.library.install({ source: repository.url, agreed: fingerprint });
  expect(await home.library.hasAgreed(appId)).toBe(true);
});

test("a script that is under way is a job with its steps, that lets others go first while it waits for a person", async () => {
  const { url } = server.make(newName(), { ...LAUNCHER, ...SCRIPT });
  using home = testLibrary();
  const { appId, runId, job } = await home.install(url);
  expect(runId).toBe(sampleRun().id);
  const step = { index: 2, total: 9, method: "shell.run", startedAt: "" };
  home.hear(sampleRun({ step }));
  expect(home.jobs.get(job.id)).toMatchObject({
    ...{ phase: "script", step: { at: 3, of: 9 }, runId, expectedMs: 90_000 },
  });
  const others = ["a", "b"].map((title) =>
    home.jobs.start({ kind: "x", appId: null, title, work: () => new Promise(() => undefined) }),
  );
  expect(home.jobs.get(others[1]!.id).state).toBe("waiting");
  home.hear(sampleRun({ step }), true);
  expect([home.jobs.get(job.id).phase, home.jobs.get(others[1]!.id).state]).toEqual(["ask", "working"]);
  home.end(endedRun("finished"));
  expect(await home.jobs.done(job.id)).toMatchObject({ state: "done", appId });
});

test("an app that comes with another one is stopped with what brings it, and nothing more begins", async () => {
  using home = testLibrary();
  const { url } = server.make(newName(), { ...LAUNCHER, ...SCRIPT });
  await home.jobs.done((await home.library.fetch(url))!.id);
  const { fingerprint: agreed } = await home.library.inspect(url);
  let hasBegun: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (hasBegun = resolve));
  const { id } = home.jobs.start({
    ...{ kind: "install", appId: null, title: "Install what it needs" },
    work: async ({ signal: within, aside }) => {
      const { job } = await home.library.install({ source: url, agreed, within });
      hasBegun();
      await aside(home.jobs.done(job.id));
      within.throwIfAborted();
    },
  });
  await begun;
  expect((await home.jobs.cancel(id)).state).toBe("cancelled");
  expect(home.stopped).toHaveLength(1);
  expect(home.jobs.all.at(-1)).toMatchObject({ kind: "install", state: "cancelled" });
});

test("a script that is cancelled is stopped, and can be resumed", async () => {
  const { url } = server.make(newName(), { ...LAUNCHER, ...SCRIPT });
  using home = testLibrary();
  const { appId, job } = await home.install(url);
  expect(await home.jobs.cancel(job.id)).toMatchObject({ state: "cancelled" });
  expect(home.stopped).toHaveLength(1);
  const again = await home.library.resume(appId, {});
  expect(again.runId).not.toBeNull();
  home.end(endedRun("failed"));
  expect(await home.jobs.done(again.job.id)).toMatchObject({ state: "failed", error: { code: "step-failed" } });
});

test("what a sidecar left in the middle is nothing, or an app that can be resumed", async () => {
  const { url } = server.make(newName(), { ...LAUNCHER, ...SCRIPT });
  using home = testLibrary();
  const { appId } = await home.install(url);
  const meant = AppId.parse("meant");
  home.library.setRecord(meant, { ...home.library.record(appId)!, state: "installing" });
  mkdirSync(join(home.api, ".installing-copy-1"));
  const later = home.open();
  later.settleInstalls([]);
  expect(later.record(meant)).toBeNull();
  expect(later.record(appId)?.state).toBe("install-failed");
  expect(existsSync(join(home.api, ".installing-copy-1"))).toBe(false);
  expect(await later.hasAgreed(appId)).toBe(true);
});

test("names are taken whatever their case", async () => {
  const name = newName();
  const { url } = server.make(name, LAUNCHER);
  using home = testLibrary();
  mkdirSync(join(home.api, name.toUpperCase()), { recursive: true });
  expect((await home.library.inspect(url)).name).toBe(`${name}-2`);
  writeFileSync(join(home.api, `${name}-2`), "");
  expect((await home.install(url)).appId).toBe(`${name}-3`);
});

test("what kept the install script from beginning is known until it begins", async () => {
  const name = newName();
  const repository = server.make(name, { ...LAUNCHER, ...SCRIPT });
  let isFull = true;
  using home = testLibrary([], () => {
    if (isFull) throw new PinokioError("disk-budget", `${name} takes 38 MB of the disk and may take 16 MB`);
  });
  await expect(home.install(repository.url)).rejects.toThrow(/may take 16 MB/);
  const id = AppId.parse(name);
  expect(home.library.record(id)).toMatchObject({
    ...{ state: "install-failed", notBegun: `${name} takes 38 MB of the disk and may take 16 MB` },
  });
  isFull = false;
  await home.library.resume(id, {});
  expect(home.library.record(id)?.notBegun).toBeNull();
});

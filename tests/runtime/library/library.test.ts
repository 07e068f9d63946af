import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { type InstalledStore, openInstalledStore } from "../../../src/runtime/library/installed-store.js";
import { createLibrary, type LibraryWorld } from "../../../src/runtime/library/library.js";
import type { MenuItem } from "../../../src/runtime/protocol/apps.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const HELLO = AppId.parse("hello");
const NOTHING_SAID = { title: "Hello", description: "", iconFile: null, scripts: [] };
const STEPS = '{"run": [{"method": "log"}]}';

function put(root: string, name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

function testLibrary(world: Partial<LibraryWorld> = {}, change: (store: InstalledStore) => InstalledStore = (s) => s) {
  const folder = temporaryFolder();
  const source = join(folder.path, "hello");
  put(source, "pinokio.js", "module.exports = {}");
  const api = join(folder.path, "home/api");
  const file = join(folder.path, "home/library/installed.json");
  const fences: boolean[] = [];
  const menu: LibraryWorld["menu"] = (_, __, fenced) => {
    fences.push(fenced);
    return Promise.resolve({ title: "Hello", description: "", iconFile: null, launcherRoot: "", menu: [] });
  };
  const open = () =>
    createLibrary({
      api,
      userHome: folder.path,
      store: change(openInstalledStore(file)),
      log: { file: "", write: () => undefined },
      world: {
        menu,
        look: async (appDir, facts) => {
          const launcher = await (world.menu ?? menu)(appDir, facts, true);
          return { menu: launcher, description: { ...launcher, scripts: [] } };
        },
        facts: () => Promise.resolve({ home: "", platform: "linux", arch: "x64", gpu: "none", scripts: {} }),
        runs: () => [],
        startScript: () => Promise.resolve(sampleRun({ appId: HELLO, script: "hello/install.json" })),
        now: () => new Date("2026-01-01T00:00:00Z"),
        ...world,
      },
    });
  const library = open();
  const install = async () => {
    const { fingerprint } = await library.inspect(source);
    return library.install({ source, agreed: fingerprint });
  };
  return { source, api, library, open, install, fences, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("an app that was installed and has lost its launcher has a problem", async () => {
  using home = testLibrary();
  await home.install();
  expect((await home.library.get(HELLO)).problem).toBeNull();
  rmSync(join(home.api, "hello/pinokio.js"));
  expect((await home.library.get(HELLO)).problem).toMatchObject({
    code: "app-invalid",
    message: "hello holds no Pinokio launcher",
  });
});

test("an agreement holds for the scripts it was given for", async () => {
  using home = testLibrary();
  await home.install();
  expect(await home.library.hasAgreed(HELLO)).toBe(true);
  put(home.api, "hello/session.json", "{}");
  await home.library.menu(HELLO);

  put(home.api, "hello/start.json", STEPS);
  expect(await home.library.hasAgreed(HELLO)).toBe(false);
  await home.library.menu(HELLO);
  expect(home.fences.slice(-2)).toEqual([false, true]);

  const { fingerprint, agreed } = await home.library.inspect(join(home.api, "hello"));
  expect(agreed).toBe(false);
  await expect(home.library.agree(HELLO, "another")).rejects.toMatchObject({ code: "agreement-needed" });
  await home.library.agree(HELLO, fingerprint);
  expect(await home.library.hasAgreed(HELLO)).toBe(true);
  put(home.api, "hello/app/cloned.js", "1");
  expect((await home.library.inspect(join(home.api, "hello"))).agreed).toBe(true);
});

test("scripts that change while they are copied are not installed", async () => {
  using home = testLibrary();
  const names = Array.from({ length: 300 }, (_, number) => `scripts/${number}.js`);
  for (const name of names) put(home.source, name, "agreed");
  const installed = home.install();
  installed.catch(() => undefined);
  while (!existsSync(home.api) || readdirSync(home.api).length === 0) await new Promise(setImmediate);
  for (const name of names) put(home.source, name, "changed");
  await expect(installed).rejects.toMatchObject({ code: "agreement-needed" });
  expect(readdirSync(home.api)).toEqual([]);
  expect(home.library.ids()).toEqual([]);
});

test("an app that cannot be recorded does not stay, so that trying again works", async () => {
  let isFull = true;
  using home = testLibrary({}, (store) => ({
    ...store,
    set: (id, app) => {
      if (isFull) throw new PinokioError("out-of-space", "The disk is full");
      store.set(id, app);
    },
  }));
  await expect(home.install()).rejects.toMatchObject({ code: "out-of-space" });
  expect(readdirSync(home.api)).toEqual([]);
  isFull = false;
  expect(await home.install()).toMatchObject({ appId: "hello", runId: null, job: { state: "done" } });
});

test("an app whose launcher fails is not installed, and its own words say why", async () => {
  using home = testLibrary({
    menu: () => Promise.reject(new PinokioError("menu-failed", "pinokio.js:1 threw: no")),
    look: () => Promise.resolve({ menu: null, description: NOTHING_SAID }),
  });
  put(home.source, "install.json", STEPS);
  await expect(home.install()).rejects.toMatchObject({
    code: "menu-failed",
    message: "pinokio.js:1 threw: no",
    hint: expect.stringMatching(/^Nothing was installed/) as unknown,
  });
  expect(home.library.ids()).toEqual([]);
  expect(home.library.record(HELLO)).toBeNull();
});

test("an install script that cannot be started is a failed installation", async () => {
  using home = testLibrary({ startScript: () => Promise.reject(new Error("no process")) });
  put(home.source, "install.json", STEPS);
  await expect(home.install()).rejects.toThrow("no process");
  expect(await home.library.get(HELLO)).toMatchObject({ state: "install-failed" });
});

const installRun = (more: Partial<Run>): Run =>
  sampleRun({ appId: HELLO, script: "hello/install.json", startedAt: "2026-01-01T00:00:01.000Z", ...more });
const ended = (outcome: "finished" | "stopped"): Partial<Run> => ({
  state: "ended",
  end: { outcome, error: null, at: "" },
});

test.each<[string, Run[], string]>([
  ["its run finished", [installRun(ended("finished"))], "installed"],
  ["its run was stopped", [installRun(ended("stopped"))], "install-failed"],
  ["its run goes on", [installRun({ state: "running" })], "installing"],
  ["it has no run", [installRun({ ...ended("finished"), script: "hello/start.json" })], "install-failed"],
  [
    "only an earlier one of that name has a run",
    [installRun({ ...ended("finished"), startedAt: "2025-12-31T00:00:00.000Z" })],
    "install-failed",
  ],
  [
    "the latest of its runs finished",
    [
      installRun({ ...ended("finished"), startedAt: "2026-01-01T00:00:03.000Z" }),
      installRun({ ...ended("stopped"), startedAt: "2026-01-01T00:00:02.000Z" }),
    ],
    "installed",
  ],
])("an installation that no sidecar saw the end of is settled: %s", async (_, runs, state) => {
  using home = testLibrary();
  put(home.source, "install.json", STEPS);
  await home.install();
  put(home.api, ".installing-other-1/pinokio.js", "");
  const later = home.open();
  const told: string[] = [];
  later.onChanged((id) => told.push(id));
  later.settleInstalls(runs);
  expect((await later.get(HELLO)).state).toBe(state);
  expect(told).toEqual(state === "installing" ? [] : ["hello"]);
  expect(readdirSync(home.api)).toEqual(["hello"]);
});

const launcherWith = (menu: MenuItem[]): LibraryWorld["menu"] => {
  return () => Promise.resolve({ title: "Hello", description: "", iconFile: null, launcherRoot: "", menu });
};

test("what the menu offers to install with is run, with what it is to get", async () => {
  const started: unknown[] = [];
  using home = testLibrary({
    menu: launcherWith([{ text: "Install", href: "tools/setup.json?size=small" }]),
    startScript: (file, order) => {
      started.push(file, order.input);
      return Promise.resolve(installRun({ script: "hello/tools/setup.json" }));
    },
  });
  put(home.source, "tools/setup.json", STEPS);
  put(home.source, "install.json", STEPS);
  const { installers } = await home.library.inspect(home.source);
  expect(installers).toEqual([
    { text: "Install", script: "tools/setup.json", params: { size: "small" }, default: false },
  ]);
  await home.install();
  expect(started).toEqual([join(home.api, "hello/tools/setup.json"), { size: "small" }]);
  expect(await home.library.get(HELLO)).toMatchObject({ state: "installing", installers });

  home.library.noteRun(installRun(ended("finished")));
  expect(await home.library.get(HELLO)).toMatchObject({ state: "installing" });
  home.library.noteRun(installRun({ ...ended("finished"), script: "hello/tools/setup.json" }));
  expect(await home.library.get(HELLO)).toMatchObject({ state: "installed" });
});

test("an app that can be installed in several ways waits for a choice", async () => {
  const menu = launcherWith([
    { text: "Install for CPU", href: "install_cpu.json" },
    { text: "Install for CUDA", href: "install_cuda.json" },
  ]);
  using home = testLibrary({ menu });
  for (const name of ["install.json", "install_cpu.json", "install_cuda.json"]) put(home.source, name, STEPS);
  expect(await home.install()).toMatchObject({ appId: "hello", runId: null, job: { state: "done" } });
  const state = async () => (await home.library.get(HELLO)).state;
  expect(await state()).toBe("choose");
  home.library.noteRun(installRun({ script: "hello/install.json" }));
  expect(await state()).toBe("choose");
  const chosen = { script: "hello/install_cuda.json" };
  home.library.noteRun(installRun(chosen));
  expect(await state()).toBe("installing");
  home.library.noteRun(installRun({ ...chosen, ...ended("stopped") }));
  expect(await state()).toBe("install-failed");
  home.library.noteRun(installRun(chosen));
  home.library.noteRun(installRun({ ...chosen, ...ended("finished") }));
  home.library.noteRun(installRun(chosen));
  expect(await state()).toBe("installed");
});

test("a way to install is chosen beforehand, or refused and nothing stays", async () => {
  const started: string[] = [];
  using home = testLibrary({
    menu: launcherWith(["a", "b"].map((name) => ({ text: "Install", href: `${name}.json` }))),
    startScript: (file) => {
      started.push(file);
      return Promise.resolve(installRun({}));
    },
  });
  const { fingerprint: agreed } = await home.library.inspect(home.source);
  const order = { source: home.source, agreed };
  await expect(home.library.install({ ...order, script: "c.json" })).rejects.toMatchObject({ code: "script-missing" });
  expect(readdirSync(home.api)).toEqual([]);
  await home.library.install({ ...order, script: "b.json" });
  expect(started).toEqual([join(home.api, "hello/b.json")]);
});

test("an app whose menu starts nothing by default names the scripts that it has", async () => {
  const menu: MenuItem[] = [
    { text: "Install", href: "install.json" },
    { text: "More", menu: [{ text: "Start", href: "start.json" }] },
  ];
  const launcher = { title: "Hello", description: "", iconFile: null, launcherRoot: "" as const, menu };
  using home = testLibrary({ menu: () => Promise.resolve(launcher) });
  put(home.api, "hello/pinokio.js", "");
  await expect(home.library.defaultScript(HELLO)).rejects.toMatchObject({
    code: "script-missing",
    hint: "Name one: pinokiocloud run hello <script>; its menu has install.json, start.json",
  });
});

import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import type { App } from "../../../src/runtime/protocol/apps.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";

const sidecarPid = (home: TestHome) => readSidecarRecord(join(home.path, "run/sidecar.json"))!.pid;
const apps = async (home: TestHome) => JSON.parse((await home.run("list", "--json")).out) as App[];
const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** An app of one script, put into the home by hand as the conformance cases do. */
function putApp(home: TestHome, name: string, script: unknown): string {
  const folder = join(home.path, "api", name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "start.json");
  writeFileSync(file, JSON.stringify(script));
  return file;
}

async function killSidecar(home: TestHome): Promise<void> {
  const pid = sidecarPid(home);
  process.kill(pid, "SIGKILL");
  await until(
    () => startTimeOf(pid),
    (time) => time === null,
  );
}

test("the hello app is installed, started, opened, survives kill -9 of the sidecar, and is stopped", async () => {
  await using home = testHome();

  const refused = await home.run("install", "hello-server");
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/run as you on this machine[^]*python server\.py[^]*repeat the command with --yes/);
  expect(await apps(home)).toEqual([]);

  const installed = await home.run("install", "hello-server", "--yes");
  expect(installed.err).toBe("");
  expect(installed.out).toMatch(/Installed hello-server/);
  expect(await apps(home)).toMatchObject([{ id: "hello-server", state: "installed", runs: [] }]);
  expect((await home.run("install", "hello-server", "--yes")).err).toMatch(/already installed/);

  const started = await home.run("run", "hello-server");
  expect(started).toMatchObject({ code: 0 });
  const [app] = await apps(home);
  expect(app).toMatchObject({ runs: [expect.stringMatching(/^run_/)] });
  const url = app!.url!;
  expect(await answers(url)).toBe(true);
  expect((await home.run("run", "hello-server", "start.json")).out).toMatch(/runs already/);

  await killSidecar(home);
  expect(await answers(url)).toBe(true);
  expect((await home.run("status", "--json")).json["running"]).toBe(false);

  const [found] = await apps(home);
  expect(found).toMatchObject({ runs: app!.runs, url });
  expect((await home.run("logs", "hello-server")).out).toContain(`Ready at ${url}`);

  const stopped = await home.run("stop", "hello-server");
  expect(stopped.out).toMatch(/stopped +hello-server\/start\.json/);
  expect(await answers(url)).toBe(false);
  await home.run("down");
  expect(home.processes()).toEqual([]);
});

test("no line of output is missing after the sidecar was killed in the middle", async () => {
  await using home = testHome();
  const file = putApp(home, "counter", {
    run: [
      { method: "shell.run", params: { message: "for i in $(seq 1 400); do echo line-$i-end; sleep 0.005; done" } },
    ],
  });
  const run = home.run("script", "run", file);
  await until(
    () => existsSync(join(home.path, "runs")) && readdirSync(join(home.path, "runs")).length > 0,
    (there) => there,
  );
  for (let kill = 0; kill < 3; kill++) {
    await until(
      () => home.run("status", "--json"),
      ({ json }) => json["running"] === true,
    );
    await killSidecar(home);
    await home.run("up");
  }
  const followed = await run;
  expect(followed.code).toBe(0);
  const all = Array.from({ length: 400 }, (_, index) => `line-${index + 1}-end`);
  expect(followed.out.match(/line-\d+-end/g)).toEqual(all); // the command that follows loses nothing either
  const status = await until(
    () => home.run("script", "status", file, "--json"),
    ({ json }) => json["running"] === false,
    30_000,
  );
  expect(status.json["ready"]).toBe(true);
  const lines = (await home.run("logs", "counter/start.json")).out.match(/line-\d+-end/g)!;
  expect(lines).toEqual(all);
});

test("a script that is asked for many times at once is started once", async () => {
  await using home = testHome();
  const file = putApp(home, "sleeper", { run: [{ method: "shell.run", params: { message: "sleep 60" } }] });
  const timeouts = Array.from({ length: 4 }, () => home.run("script", "run", file, "--timeout", "1500"));
  const codes = (await Promise.all(timeouts)).map(({ code }) => code).sort();
  expect(readdirSync(join(home.path, "runs"))).toHaveLength(1);
  expect(codes.filter((code) => code === 0)).toHaveLength(3);
});

test("a missing and a broken script end with code 1 and a sentence", async () => {
  await using home = testHome();
  const missing = await home.run("script", "run", join(home.path, "api/none.json"));
  expect(missing).toMatchObject({ code: 1, err: expect.stringMatching(/There is no script/) });
  const broken = putApp(home, "broken", {});
  writeFileSync(broken, '{ "run": [ }');
  const answer = await home.run("script", "run", broken);
  expect(answer.code).toBe(1);
  expect(answer.err).toMatch(/start\.json:1:/);
});

test("an app that nobody agreed to is not started by its name, and its menu is made inside the fence", async () => {
  await using home = testHome();
  putApp(home, "stranger", { run: [{ method: "log", params: { text: "hi" } }] });
  writeFileSync(
    join(home.path, "api/stranger/pinokio.js"),
    `require("fs").writeFileSync(${JSON.stringify(join(home.path, "escaped"))}, "x");
     module.exports = { title: "Stranger", menu: [{ text: "Start", href: "start.json", default: true }] };`,
  );
  const menu = await home.run("app", "menu", "stranger");
  expect(menu.code).toBe(1);
  const started = await home.run("run", "stranger", "start.json");
  expect(started.err).toMatch(/Nobody has agreed yet/);
  expect(existsSync(join(home.path, "escaped"))).toBe(false);
});

test("down ends everything, also what a dead sidecar left running", async () => {
  await using home = testHome();
  const file = putApp(home, "daemon", {
    daemon: true,
    run: [{ method: "shell.run", params: { message: "echo up; sleep 600", on: [{ event: "/^up/m", done: true }] } }],
  });
  expect((await home.run("script", "run", file)).code).toBe(0);
  await killSidecar(home);
  expect(home.processes().length).toBeGreaterThan(0);
  expect((await home.run("down")).code).toBe(0);
  expect(home.processes()).toEqual([]);
});

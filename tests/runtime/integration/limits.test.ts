import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ownCgroups } from "../../../src/runtime/base/cgroups.js";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import type { AppSettings, AppSettingsNow } from "../../../src/runtime/protocol/app-settings.js";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { RunGroupMaker } from "../../../src/runtime/resources/run-groups.js";
import { type TestHome, testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";

const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;
const DEMO = appIdOf("demo");
const possible = new RunGroupMaker().enforced;
const whenPossible = (is: boolean) => (is ? test : test.skip);

const shell = (message: string, more = {}) => ({ method: "shell.run", params: { path: PROGRAMS, message, ...more } });
const told = (event: string) => ({ on: [{ event, done: true }] });

const SCRIPTS = {
  /** Fails when its program was killed. */
  "hog.json": {
    run: [shell("python3 -S memory-hog.py 300; echo code $?", { on: [{ event: "/code 137/", break: true }] })],
  },
  /** Goes on whatever becomes of its program. */
  "keep.json": { daemon: true, run: [shell("python3 -S memory-hog.py 300; sleep 600", told("/taken/"))] },
  "busy.json": { daemon: true, run: [shell("echo is up; while :; do :; done", told("/is up/"))] },
  "idle.json": { daemon: true, run: [shell("echo is up; sleep 600", told("/is up/"))] },
  "deaf.json": { daemon: true, run: [shell("python3 -S ignore-signals.py 600; sleep 600", told("/ignoring/"))] },
};

function put(home: TestHome, settings: object = {}): (script: keyof typeof SCRIPTS) => string {
  const folder = join(home.path, "api", "demo");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pinokio.js"), 'module.exports = { title: "Demo", menu: [] };\n');
  for (const [name, script] of Object.entries(SCRIPTS)) writeFileSync(join(folder, name), JSON.stringify(script));
  writeFileSync(join(home.path, "settings.json"), JSON.stringify(settings));
  return (script) => join(folder, script);
}

const settingsOf = (home: TestHome): Record<string, unknown> =>
  JSON.parse(readFileSync(join(home.path, "settings.json"), "utf8")) as Record<string, unknown>;

const runOf = (client: SidecarClient, script: string): Run | undefined =>
  client.state?.runs.findLast((run) => run.script === `demo/${script}`);

/** The processes of this home that run such a command. */
const programsOf = (home: TestHome, command: string): number[] =>
  home.processes().filter((pid) => commandOf(pid).includes(command));

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Groups of the run that there are now, wherever one can be made. */
const groupsOf = (run: Run): string[] =>
  ownCgroups().flatMap(({ folder }) =>
    existsSync(folder) ? readdirSync(folder).filter((name) => name.includes(run.id)) : [],
  );

function secondsWorked(pid: number): number {
  const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const [user = 0, system = 0] = rest.split(" ").slice(11, 13).map(Number);
  return (user + system) / 100;
}

async function limit(home: TestHome, ...options: string[]): Promise<AppSettingsNow> {
  return (await home.run("limit", "demo", ...options, "--json")).json as unknown as AppSettingsNow;
}

test("what is decided for an app is shown, changed piece by piece and taken away, and other clients hear of it", async () => {
  await using home = testHome();
  put(home, { note: "mine", apps: { other: { cpu: 3 } } });
  const client = await connectTo(home);
  const settings = (): AppSettings | undefined => client.state?.apps.find(({ id }) => id === DEMO)?.settings;
  try {
    expect((await limit(home)).holds).toEqual({
      memoryBytes: null,
      diskBytes: null,
      cpu: null,
      nice: 0,
      stopGraceSeconds: 10,
      restartMost: null,
    });
    await limit(home, "--memory", "8GB", "--cpu", "2", "--nice", "10", "--grace", "20", "--restart", "5");
    const all = {
      memory: "8GB",
      cpu: 2,
      nice: 10,
      stopGraceSeconds: 20,
      restart: { onFailure: true, most: 5 },
    };
    await until(settings, (found) => found?.cpu === 2);
    expect(settings()).toEqual(all);
    expect(settingsOf(home)).toEqual({ note: "mine", apps: { other: { cpu: 3 }, demo: all } });
    expect((await limit(home, "--restart", "off", "--memory", "off")).settings).toEqual({
      cpu: 2,
      nice: 10,
      stopGraceSeconds: 20,
    });
    const { out } = await home.run("limit", "demo");
    expect(out).toMatch(
      /^memory +no limit\ndisk +no limit\ncpu +2 cores +(held by the system|watched: .+)\nnice +10\ngrace +20 s\nrestart +off\n$/,
    );
    await limit(home, "--clear");
    expect(settingsOf(home)).toEqual({ note: "mine", apps: { other: { cpu: 3 } } });
    expect((await home.run("limit", "demo", "--nice", "30")).code).toBe(2);
    expect((await home.run("limit", "nowhere", "--nice", "3", "--json")).json).toMatchObject({
      error: { code: "app-missing" },
    });
  } finally {
    client.close();
  }
});

whenPossible(possible.memory === "cgroup")(
  "a program that wants more memory than its app may use is ended, and its run says why",
  async () => {
    await using home = testHome();
    const script = put(home, { apps: { demo: { memory: "100 MB" } } });
    const { code, json } = await home.run("script", "run", script("hog.json"), "--json");
    expect(code).toBe(1);
    expect(json).toMatchObject({
      end: { outcome: "failed" },
      overMemory: { programs: 1, limitBytes: 104_857_600 },
      failure: { code: "memory-limit", sentence: expect.stringMatching(/more than the 100 MB that the app may use$/) },
    });
    const client = await connectTo(home);
    try {
      expect(client.state?.notices.map(({ message }) => message)).toEqual([
        "The system ended a program of demo/hog.json: together its programs wanted more than the 100 MB of memory that demo may use",
      ]);
      const run = runOf(client, "hog.json")!;
      await until(
        () => groupsOf(run),
        (left) => left.length === 0,
      );
    } finally {
      client.close();
    }
  },
);

whenPossible(possible.cpu === "cgroup")(
  "an app gets no more of the processor than it may use, also when that changes while it runs",
  async () => {
    await using home = testHome();
    const script = put(home, { apps: { demo: { cpu: 0.2 } } });
    await home.run("script", "run", script("busy.json"));
    const [pid = 0] = programsOf(home, "while :");
    const cores = async (): Promise<number> => {
      const [before, began] = [secondsWorked(pid), performance.now()];
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return (secondsWorked(pid) - before) / ((performance.now() - began) / 1_000);
    };
    const limited = await cores();
    expect(limited).toBeLessThan(0.35);
    const now = await limit(home, "--cpu", "0.05");
    expect(now.runs).toMatchObject([{ enforced: { cpu: "cgroup" }, atNextStart: [] }]);
    expect(await cores()).toBeLessThan(0.15);
  },
  30_000,
);

test("where no group can be made it is watched: too much memory ends the run with its cause, too much work makes it yield", async () => {
  await using home = testHome();
  const script = put(home, { cgroups: "never", apps: { demo: { memory: "150 MB", cpu: 0.3, nice: 2 } } });
  const client = await connectTo(home);
  try {
    expect(await limit(home)).toMatchObject({ enforced: { memory: "watched", cpu: "watched" } });
    await Promise.all([script("keep.json"), script("busy.json")].map((file) => home.run("script", "run", file)));
    const [pid = 0] = programsOf(home, "while :");
    expect(getPriority(pid)).toBe(2);
    expect(groupsOf(runOf(client, "busy.json")!)).toEqual([]);
    const ended = await until(
      () => runOf(client, "keep.json"),
      (run) => run?.end != null,
      30_000,
    );
    expect(ended?.end).toMatchObject({
      outcome: "failed",
      error: {
        code: "memory-limit",
        message: expect.stringMatching(
          /^The programs of demo\/keep\.json used 3\d\d[\d.]* MB of memory; demo may use 150 MB$/,
        ),
        hint: expect.stringContaining("pinokiocloud limit demo"),
      },
    });
    expect(await client.request("runs.diagnose", { runId: ended!.id })).toMatchObject({ code: "memory-limit" });
    expect(programsOf(home, "memory-hog")).toEqual([]);
    const slowed = await until(
      () => runOf(client, "busy.json"),
      (run) => run !== undefined && run.warnings.length > 0,
      30_000,
    );
    expect(slowed?.warnings).toEqual([
      "demo used more than the 0.3 cores that it may: its programs yield to all others now (nice 19)",
    ]);
    expect(slowed?.end).toBeNull();
    expect(getPriority(pid)).toBe(19);
  } finally {
    client.close();
  }
}, 60_000);

test("limits that are set while an app runs hold at once as far as they can, and say what comes with the next start", async () => {
  await using home = testHome();
  const script = put(home);
  await home.run("script", "run", script("idle.json"));
  const [pid = 0] = programsOf(home, "sleep 600");
  expect(getPriority(pid)).toBe(0);
  const now = await limit(home, "--memory", "500MB", "--cpu", "1", "--nice", "7");
  expect(getPriority(pid)).toBe(7);
  const later = (["memory", "cpu"] as const).filter((what) => possible[what] === "cgroup");
  expect(now.runs).toMatchObject([{ enforced: { memory: "watched", cpu: "watched" }, atNextStart: later }]);
  if (process.getuid?.() === 0) {
    for (const nice of [2, 7]) {
      await limit(home, "--nice", String(nice));
      expect(getPriority(pid)).toBe(nice);
    }
  }
  await home.run("stop", "demo");
  await home.run("script", "run", script("idle.json"));
  const again = await limit(home);
  expect(again.runs).toMatchObject([{ enforced: possible, atNextStart: [] }]);
  await home.run("down", "--sidecar-only");
  expect((await limit(home)).runs).toEqual(again.runs); // the next sidecar holds it to them as well
});

test.each([["stop", "demo"], ["down"]])("an app's own time to stop is kept by `%s`", async (...command) => {
  await using home = testHome();
  const script = put(home, { stopGraceSeconds: 90, apps: { demo: { stopGraceSeconds: 0.5 } } });
  await home.run("script", "run", script("deaf.json"));
  await until(
    () => programsOf(home, "ignore-signals"),
    (found) => found.length > 0,
  );
  const began = performance.now();
  expect((await home.run(...command)).code).toBe(0);
  expect(programsOf(home, "ignore-signals")).toEqual([]);
  expect(performance.now() - began).toBeLessThan(30_000);
});

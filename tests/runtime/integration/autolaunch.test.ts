import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const LAUNCH = "PINOKIO_SCRIPT_AUTOLAUNCH=start.json\n";

/** An app that counts how often it was started, and the home it is installed in with the sidecar gone. */
async function launchedHome() {
  const home = testHome();
  using sources = temporaryFolder();
  const step = { method: "fs.append", params: { path: "starts.txt", text: "x" } };
  put(sources.path, "app", { ENVIRONMENT: LAUNCH, "start.json": JSON.stringify({ daemon: true, run: [step] }) });
  await home.run("install", join(sources.path, "app"), "--yes");
  await home.run("down", "--sidecar-only");
  const file = join(home.path, "api/app/starts.txt");
  return {
    home,
    starts: (): string => (existsSync(file) ? readFileSync(file, "utf8") : ""),
    sidecar: async (): Promise<number> => Number((await home.run("up", "--json")).json["pid"]),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

function put(folder: string, app: string, files: Record<string, string>): void {
  mkdirSync(join(folder, app));
  for (const [name, text] of Object.entries({ "pinokio.json": "{}", ...files })) {
    writeFileSync(join(folder, app, name), text);
  }
}

/** What is launched behind somebody's back has been by then. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 1_000));

test("a command that merely needs a sidecar launches nothing; `up` does, whoever has started it, unless it is switched off", async () => {
  await using launched = await launchedHome();
  const { home, starts } = launched;
  await home.run("status");
  await home.run("settings", "set", "launchApps=off");
  await home.run("up");
  await home.run("list");
  await aMoment();
  expect(starts()).toBe("");
  await home.run("settings", "unset", "launchApps");
  expect((await home.run("up", "--json")).json).toMatchObject({ started: false });
  await until(starts, (text) => text === "x");
  await home.run("up");
  await aMoment();
  expect(starts()).toBe("x");
});

test("`up` launches with the sidecar that it starts; after a crash of that nothing is launched again", async () => {
  await using launched = await launchedHome();
  const { home, starts, sidecar } = launched;
  const pid = await sidecar();
  await until(starts, (text) => text === "x");
  await home.run("script", "stop", join(home.path, "api/app/start.json"));
  process.kill(pid, "SIGKILL");
  expect(await sidecar()).not.toBe(pid);
  await aMoment();
  expect(starts()).toBe("x");
  expect((await home.run("status", "--json")).json).toMatchObject({ liveRuns: 0 });
});

test("what keeps an app from being launched is told with its reason", async () => {
  await using home = testHome();
  using sources = temporaryFolder();
  const start = JSON.stringify({ run: [{ method: "log", params: { text: "up" } }] });
  const failing = JSON.stringify({ run: [{ method: "fs.copy", params: { src: "none", dest: "b" } }] });
  const needing = (what: string) => ({
    ENVIRONMENT: `${LAUNCH}PINOKIO_SCRIPT_REQUIRES=${what}\n`,
    "start.json": start,
  });
  const apps = {
    one: needing("two"),
    two: needing("one"),
    lonely: needing("nobody"),
    top: needing("base"),
    base: { ENVIRONMENT: `${LAUNCH}PINOKIO_SCRIPT_AUTOLAUNCH_ENABLED=off\n`, "start.json": failing },
  };
  for (const [app, files] of Object.entries(apps)) {
    put(sources.path, app, files);
    await home.run("install", join(sources.path, app), "--yes");
  }
  await home.run("down");
  const client = await connectTo(home);
  const told = () => (client.state?.notices ?? []).map(({ message }) => message);
  expect((await until(told, ({ length }) => length === 4)).sort()).toEqual([
    "lonely/start.json was not launched: Required app is not installed: nobody",
    "one/start.json was not launched: Requirement cycle detected: one -> two -> one",
    expect.stringMatching(/^top\/start\.json was not launched: Required app did not start: base \(.*none.*\)$/s),
    "two/start.json was not launched: Requirement cycle detected: two -> one -> two",
  ]);
  const started = await home.run("script", "run", join(home.path, "api/top/start.json"));
  expect(started).toMatchObject({ code: 1, err: expect.stringContaining("Required app did not start: base (") });
  client.close();
});

test("an app that is to come up with Pinokio does, once a start, and only when it was agreed to", async () => {
  await using home = testHome();
  using sources = temporaryFolder();
  const write = (app: string): string => {
    const folder = join(sources.path, app);
    mkdirSync(folder);
    writeFileSync(join(folder, "pinokio.json"), "{}");
    writeFileSync(join(folder, "ENVIRONMENT"), "PINOKIO_SCRIPT_AUTOLAUNCH=start.json\n");
    const step = { method: "fs.append", params: { path: "starts.txt", text: "{{JSON.stringify(args)}};" } };
    writeFileSync(join(folder, "start.json"), JSON.stringify({ daemon: true, run: [step] }));
    return folder;
  };
  await home.run("install", write("mine"), "--yes");
  await home.run("install", write("changed"), "--yes");
  writeFileSync(join(home.path, "api/changed/start.json"), '{ "run": [{ "method": "log" }] }'); // agreed to no more
  const starts = (): string => {
    const file = join(home.path, "api/mine/starts.txt");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  };
  expect(starts()).toBe("");

  await home.run("down");
  await home.run("up");
  await until(starts, (text) => text === "{};");
  expect((await home.run("script", "status", join(home.path, "api/mine/start.json"), "--json")).json).toMatchObject({
    running: true,
  });

  // A person stops it: the next sidecar of the same start leaves it so.
  await home.run("script", "stop", join(home.path, "api/mine/start.json"));
  await home.run("down", "--sidecar-only");
  await home.run("up");
  expect((await home.run("status", "--json")).json).toMatchObject({ liveRuns: 0 });
  expect(starts()).toBe("{};");
  expect((await home.run("script", "status", join(home.path, "api/changed/start.json"), "--json")).json).toMatchObject({
    running: false,
    ready: false,
  });
});

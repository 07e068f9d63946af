import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import type { App } from "../../../src/runtime/protocol/apps.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";

const shell = (message: string) => JSON.stringify({ run: [{ method: "shell.run", params: { message } }] });
const apps = async (home: TestHome) => JSON.parse((await home.run("list", "--json")).out) as App[];

/** A folder beside the home that can be installed. */
function source(home: TestHome, name: string, files: Record<string, string> = {}): string {
  const folder = join(home.path, "..", name);
  for (const [file, text] of Object.entries({ "pinokio.js": "module.exports = { title: 'Mine' }", ...files })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

test("looking at a folder neither waits for a pipe nor reads what lies outside of it", async () => {
  await using home = testHome();
  const secret = source(home, "secret", { token: "a secret" });
  const app = source(home, "mine", { ".git/HEAD": `ref: ../../secret/token` });
  const told = await home.run("install", app);
  expect(told.code).toBe(1);
  expect(told.err).toMatch(/^From .*mine$/m);
  expect(told.err).not.toMatch(/a secret/);
  expect(existsSync(secret)).toBe(true);

  execFileSync("rm", [join(app, ".git/HEAD")]);
  execFileSync("mkfifo", [join(app, ".git/HEAD"), join(app, "pipe")]);
  expect((await home.run("install", app, "--yes")).out).toMatch(/Installed mine/);
  expect((await home.run("list")).code).toBe(0);
});

test("scripts that change are agreed to anew; what scripts write is not asked about", async () => {
  await using home = testHome();
  const app = source(home, "mine", {
    "start.json": shell("echo '{}' > session.json; mkdir -p app; echo 1 > app/cloned.js; echo started"),
  });
  expect((await home.run("install", app, "--yes")).code).toBe(0);
  expect((await home.run("run", "mine", "start.json")).out).toMatch(/started/);
  expect(existsSync(join(home.path, "api/mine/app/cloned.js"))).toBe(true);
  expect((await home.run("run", "mine", "start.json")).code).toBe(0);

  writeFileSync(join(home.path, "api/mine/start.json"), shell("echo changed"));
  const refused = await home.run("run", "mine", "start.json");
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/Nobody has agreed yet to what mine will run/);
});

test("what an app says about itself cannot steer the terminal", async () => {
  await using home = testHome();
  const app = source(home, "mine", {
    "pinokio.js": 'module.exports = { title: "Mi\\u001b[2Jne", menu: [{ text: "Go\\u001b[1A", href: "start.json" }] }',
    "start.json": shell("echo \u001b[8mhidden; echo two"),
  });
  const asked = await home.run("install", app);
  expect(asked.err).toContain("echo \\x1b[8mhidden");
  await home.run("install", app, "--yes");
  const menu = await home.run("app", "menu", "mine");
  expect(menu.out).toContain("Mi\\x1b[2Jne\n  Go\\x1b[1A");
  for (const { out, err } of [asked, menu, await home.run("list")]) expect(out + err).not.toContain("\u001b");
});

test("who looks sees at once that a folder was removed, or put there, by hand", async () => {
  await using home = testHome();
  expect((await home.run("install", source(home, "mine"), "--yes")).code).toBe(0);
  const client = await connectTo(home);
  try {
    const shown = (): string[] => client.state?.apps.map(({ id }) => id) ?? [];
    await client.request("apps.list", {});
    await until(shown, (ids) => ids.join() === "mine");
    renameSync(join(home.path, "api/mine"), join(home.path, "api/other"));
    await until(shown, (ids) => ids.join() === "other");
  } finally {
    client.close();
  }
});

test("a name no app can have is refused in words", async () => {
  await using home = testHome();
  const app = source(home, "mine");
  for (const [at, ...words] of [
    [source(home, ".hidden")],
    [app, "--name", "a/b"],
    [app, "--name=-x"],
    [app, "--name", "__proto__"],
  ] as const) {
    const answer = await home.run("install", at, "--yes", ...words);
    expect(answer.code).toBe(1);
    expect(answer.err).toMatch(/^error: ".*" cannot be the name of an app\nhint: A name is/);
  }
  expect((await home.run("app", "menu", "..")).err).toMatch(/cannot be the name of an app/);
});

test("an installation that is stopped is not called installed", async () => {
  await using home = testHome();
  const app = source(home, "mine", { "install.json": shell("echo begun; sleep 60") });
  const installing = home.run("install", app, "--yes");
  await until(
    () => apps(home),
    ([app]) => app !== undefined && app.runs.length > 0,
  );
  await home.run("stop", "mine");
  const { code, out, err } = await installing;
  expect(code).toBe(3);
  expect(out).not.toMatch(/Installed/);
  expect(err).toMatch(/mine is not installed yet: install\.json was stopped\. Go on with: .* install mine/);
  expect(await apps(home)).toMatchObject([{ id: "mine", state: "install-failed" }]);
});

test("an installation that ends while no sidecar runs is known afterwards", async () => {
  await using home = testHome();
  const app = source(home, "mine", { "install.json": shell("while [ ! -e go ]; do sleep 0.05; done") });
  const installing = home.run("install", app, "--yes", "--json");
  await until(
    () => apps(home),
    ([app]) => app !== undefined && app.runs.length > 0,
  );
  const { pid } = readSidecarRecord(join(home.path, "run/sidecar.json"))!;
  process.kill(pid, "SIGSTOP"); // so that the command that waits starts no other one
  writeFileSync(join(home.path, "api/mine/go"), "");
  const record = () =>
    JSON.parse(readFileSync(join(home.path, "library/installed.json"), "utf8")) as {
      apps: Record<string, { state: string }>;
    };
  const runs = join(home.path, "runs");
  const [id] = readdirSync(runs);
  await until(
    () => readFileSync(join(runs, id!, "run.json"), "utf8"),
    (text) => (JSON.parse(text) as { run: Run }).run.state === "ended",
  );
  expect(record().apps["mine"]!.state).toBe("installing");
  process.kill(pid, "SIGKILL");
  await installing;
  expect(await apps(home)).toMatchObject([{ id: "mine", state: "installed", runs: [] }]);
});

test("of several ways to install an app one is named", async () => {
  await using home = testHome();
  const app = source(home, "mine", {
    "pinokio.js": `module.exports = { title: "Mine", menu: (kernel, info) => info.exists("app")
      ? [{ text: "Start", href: "start.json" }]
      : ["a", "b"].map((way) => ({ text: "Install " + way, href: "ways/install-" + way + ".json?way=" + way })) }`,
    "install.json": shell("echo unwanted"),
    "ways/install-a.json": shell("mkdir ../app; echo took {{args.way}}"),
    "ways/install-b.json": shell("mkdir ../app; echo took {{args.way}}"),
  });
  const asked = await home.run("install", app, "--yes");
  expect(asked.code).toBe(1);
  expect(asked.err).toBe(`Mine can be installed in several ways:
  --script "ways/install-a.json"  Install a
  --script "ways/install-b.json"  Install b
error: Nobody has chosen how to install Mine
hint: Repeat the command with one of the options above
`);
  expect(await apps(home)).toEqual([]);
  expect((await home.run("install", app, "--yes", "--script", "install.json")).err).toMatch(
    /no install script install\.json\nhint: Install scripts: ways\/install-a\.json, ways\/install-b\.json/,
  );
  const shown = await home.run("install", app, "--script", "ways/install-b.json");
  expect(shown.err).toMatch(/^ways\/install-b\.json\n {4}mkdir/m);
  const installed = await home.run("install", app, "--yes", "--script", "./ways/install-b.json");
  expect(installed.out).toMatch(/took b[^]*Installed mine/);
  expect(await apps(home)).toMatchObject([{ id: "mine", state: "installed" }]);
});

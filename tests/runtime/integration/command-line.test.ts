import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "@jest/globals";
import { BUNDLES, testHome, type TestHome } from "../../helpers/command-line.js";
import { makeVenv, writeAt } from "../../helpers/environments.js";
import { openTestTerminal } from "../../helpers/terminal.js";

function put(home: TestHome, app: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) writeAt(join(home.path, "api", app, path), text);
}

const AS_TESTER = "-c user.name=t -c user.email=t@example.test";
const LAUNCHER = 'module.exports = { title: "Painter of things", menu: [{ text: "Start", href: "start.json" }] };\n';
const START = JSON.stringify({
  run: [{ method: "shell.run", params: { message: "printf '\\033[31mred\\033[0m and plain\\n'" } }],
});

const given = (home: TestHome, input: string, ...args: string[]) =>
  execa(process.env["PINOKIOCLOUD_NODE"] ?? process.execPath, [join(BUNDLES, "cli.mjs"), ...args], {
    env: home.environment(),
    input,
    reject: false,
  });

test("wrong usage with --json is JSON with a sentence and what to do", async () => {
  await using home = testHome();
  const wrong = await home.run("list", "--sort", "colour", "--json");
  expect([wrong.code, wrong.err]).toEqual([2, ""]);
  expect(wrong.json).toMatchObject({
    error: { code: "request-invalid", message: expect.stringMatching(/^Option '--sort.*invalid/), hint: /help/ },
  });
  const misspelt = await home.run("lsit", "--json");
  expect(misspelt.json).toMatchObject({ error: { message: "Unknown command 'lsit'", hint: expect.any(String) } });
  const unnamed = await home.run("config", "--json");
  expect([unnamed.code, unnamed.err]).toEqual([2, ""]);
  expect(unnamed.json).toMatchObject({ error: { message: "No command is named" } });
});

test("an app by its name, however it is written, and what is wrong with other names in a sentence", async () => {
  await using home = testHome();
  put(home, "painter", { "pinokio.js": LAUNCHER, "start.json": START });
  put(home, "two words", { "pinokio.js": LAUNCHER });

  for (const name of ["painter", "app:painter"]) {
    expect((await home.run("info", name)).out).toMatch(/^Painter of things\nId +painter\n/);
    expect((await home.run("env", "list", name)).code).toBe(0);
    expect((await home.run("config", "get", name)).code).toBe(0);
    const run = await home.run("script", "run", join(home.path, "api/painter/start.json"));
    expect([run.code, run.out]).toEqual([0, expect.not.stringContaining("\x1b")]);
    expect((await home.run("logs", name)).out).toContain("red and plain");
    expect((await home.run("package", "remove", name)).err).toMatch(/^error: Removing .* takes away api\/painter/);
  }
  execFileSync("sh", [
    "-c",
    `cd "$0" && git init -q && git add . && git ${AS_TESTER} commit -qm one`,
    `${home.path}/api/painter`,
  ]);
  const head = execFileSync("git", ["rev-parse", "HEAD"], { cwd: join(home.path, "api/painter"), encoding: "utf8" });
  expect((await home.run("package", "list")).out).toContain(head.slice(0, 10)); // where it stands, whoever brought it there
  expect((await home.run("wait", "two words")).err).toContain("pinokiocloud run 'two words'");

  for (const [args, code, words] of [
    [["search", "--most", "0"], 2, /not a number from 1/],
    [["install", ""], 2, /empty/],
    [["library", "tag", "", "painter"], 2, /empty/],
    [
      ["library", "export", "/nowhere/file.json"],
      1,
      /\/nowhere\/file\.json cannot be written: its folder is not there/,
    ],
    [["library", "import", "/nowhere/file.json"], 1, /\/nowhere\/file\.json cannot be read: it is not there/],
    [["library", "import", home.path], 1, /cannot be read: it is a folder/],
    [["config", "preset", "import", "painter", "/nowhere"], 1, /\/nowhere cannot be read: it is not there/],
  ] as const) {
    const { code: ended, err } = await home.run(...args);
    expect([args, ended, err]).toEqual([args, code, expect.stringMatching(words)]);
    expect(err).not.toMatch(/Too small|ENOENT|EISDIR/);
  }
});

test("settings, secrets and marks: a slip changes nothing, and what was done is said", async () => {
  await using home = testHome();
  put(home, "painter", { "pinokio.js": LAUNCHER, ENVIRONMENT: "PORT=7861\nMY_KEY=\n" });
  put(home, "other", { "pinokio.js": LAUNCHER, ENVIRONMENT: "MY_KEY=\n" });

  const slip = await home.run("config", "set", "painter", "PROT=9000");
  expect(slip).toMatchObject({
    code: 1,
    err: expect.stringMatching(/no setting named PROT\nhint: Near to it: PORT.*--new/),
  });
  expect((await home.run("config", "set", "painter", "PROT=9000", "--new")).out).toBe("Changed PROT\n");
  expect((await home.run("config", "undo", "painter")).code).toBe(0);
  expect((await home.run("config", "get", "painter", "PROT")).code).toBe(1);

  using terminal = openTestTerminal(home, "config", "set", "painter", "MY_KEY");
  await terminal.reads(/MY_KEY: /);
  terminal.type("\x03");
  expect(await terminal.ended).toBe(3);

  expect((await home.run("config", "preset", "save", "painter", "mine")).code).toBe(0);
  expect((await home.run("config", "preset", "save", "painter", "mine")).err).toMatch(/already\nhint: .*--force/);
  expect((await home.run("config", "preset", "save", "painter", "mine", "--force")).code).toBe(0);

  expect((await given(home, "secret-of-mine\n", "config", "set", "painter", "MY_KEY")).exitCode).toBe(0);
  expect((await home.run("config", "secrets")).out).toMatch(/MY_KEY +set for 1 of 2: painter +other, painter/);
  expect(await home.run("config", "secrets", "--forget", "NOPE")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/No secret named NOPE/),
  });
  expect((await given(home, '{"MY_KEY": "for-all-of-them"}', "config", "secrets", "--take")).stdout).toBe(
    "Keeps MY_KEY",
  );
  expect((await home.run("config", "secrets")).out).toMatch(/MY_KEY +set +other, painter/);
  expect((await home.run("config", "secrets", "--forget", "MY_KEY")).out).toBe("Forgot MY_KEY\n");

  expect((await home.run("library", "favorite", "painter")).out).toBe("A favourite: painter\n");
  expect((await home.run("library", "move", "painter", "--to", "Art")).out).toBe("Moved to Art: painter\n");
});

test("a record that cannot be read is told by list and status, with the file it is kept in", async () => {
  await using home = testHome();
  mkdirSync(join(home.path, "library"));
  writeFileSync(join(home.path, "library/installed.json"), "{ spoilt");
  for (const command of ["list", "status", "list"]) {
    const { code, err } = await home.run(command);
    const kept = readdirSync(join(home.path, "library")).find((name) => name.startsWith("installed.json.unreadable"));
    expect([code, err]).toEqual([
      0,
      expect.stringContaining(`It was kept as ${join(home.path, "library", kept ?? "?")}`),
    ]);
    if (command === "status") await home.run("down"); // the next sidecar finds it set aside
  }
  await home.run("down");
  writeFileSync(join(home.path, "library/installed.json"), '{ "version": 9, "apps": {} }');
  expect((await home.run("list")).err).toMatch(/warning: .*installed\.json was written by a newer PinokioCloud/);
});

test("an environment of nobody goes into the trash and comes back; one that is needed stays", async () => {
  await using home = testHome();
  const tools = makeVenv(join(home.path, "envs/tools"), ["one==1.0"]);
  expect((await home.run("env", "use", "tools")).code).toBe(0);
  expect((await home.run("env", "remove", "tools", "--yes")).err).toMatch(/it is the active one\nhint: .*env use own/);
  expect((await home.run("env", "use", "own")).code).toBe(0);
  const removed = await home.run("env", "remove", "tools", "--yes");
  expect([removed.code, existsSync(tools)]).toEqual([0, false]);
  const back = /pinokiocloud (trash restore \S+)/.exec(removed.out)?.[1]?.split(" ") ?? [];
  expect((await home.run(...back)).code).toBe(0);
  expect((await home.run("env", "list")).out).toMatch(/envs\/tools +Python 3.* 1 package /);
  expect((await home.run("env", "remove", "nothing", "--yes")).err).toMatch(/no environment|named/i);
});

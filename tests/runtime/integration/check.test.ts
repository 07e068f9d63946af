import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type CheckFinding, CheckReport } from "../../../src/runtime/protocol/check.js";
import { type Answer, BUNDLES, type TestHome, testHome, until } from "../../helpers/command-line.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const MENU = (...hrefs: string[]) =>
  `module.exports = { title: "App", menu: ${JSON.stringify(hrefs.map((href) => ({ text: href, href })))} }`;
const INSTALL = JSON.stringify({ run: [{ method: "shell.run", params: { message: "pip install x", venv: "env" } }] });
const NVIDIA = ["--platform", "linux", "--gpu", "nvidia"];

let home: TestHome;
const folder = temporaryFolder();
beforeAll(() => {
  home = testHome();
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

let made = 0;

/** The folder of an app of these files. */
function appOf(files: Record<string, string>, name = `app-${++made}`, below = folder.path): string {
  const path = join(below, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(path, file, ".."), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

const check = (...args: string[]): Promise<Answer> => home.run("check", ...args);

async function reportOf(path: string, ...args: string[]): Promise<CheckReport & { code: number | null }> {
  const { json, code } = await check(path, "--json", ...args);
  return { ...CheckReport.parse(json), code };
}

const findingsOf = ({ findings, scripts }: CheckReport) => [
  ...findings,
  ...scripts.flatMap((script) => script.findings),
];

describe("one app", () => {
  test("works: exit code 0, and what it needs and opens is told", async () => {
    const path = appOf({
      "pinokio.js": MENU("install.json", "start.js"),
      "install.json": INSTALL,
      "start.js": `module.exports = async (kernel) => ({
        daemon: true,
        run: [
          { method: "shell.run", params: {
            message: "ffmpeg -version && python app.py --port " + (await kernel.port()),
            conda: "env", on: [{ event: "/(http:.+)/", done: true }] } },
          { method: "local.set", params: { url: "{{input.event[1]}}" } },
        ],
      })`,
    });
    const { code, out } = await check(path, ...NVIDIA);
    expect(code).toBe(0);
    expect(out).toContain("works on Linux with an NVIDIA card");
    expect(out).toContain("Needs: ffmpeg, conda");
    expect(out).toContain("ready at /(http:.+)/ -> {{input.event[1]}}");
  });

  test("has warnings: exit code 4", async () => {
    const { code, out } = await check(
      appOf({ "pinokio.js": MENU("install.json", "link.js"), "install.json": INSTALL }),
    );
    expect(out).toContain("warning: The menu links to link.js, which is not there");
    expect(code).toBe(4);
  });

  test("cannot work on a machine, and can on another: exit code 1 and 0", async () => {
    const path = appOf({
      "pinokio.js": MENU("install.js"),
      "install.js": `module.exports = { run: [
        { when: "{{platform !== 'win32'}}", method: "log", params: { raw: "Windows, please" }, next: null },
        { method: "shell.run", params: { message: "setup.bat" } },
      ] }`,
    });
    const { code, out } = await check(path, ...NVIDIA);
    expect(code).toBe(1);
    expect(out).toContain("error: Nothing of install.js runs on Linux with an NVIDIA card");
    expect(out).toContain("It says: “Windows, please”");
    expect((await check(path, "--platform", "win32", "--gpu", "nvidia")).code).toBe(0);
  });

  test("scripts that are code see the machine that is asked for", async () => {
    const path = appOf({
      "pinokio.js": `const os = require("os"); module.exports = { menu: [{ text: "x", href: os.platform() + ".js" }] }`,
      "install.js": `module.exports = (kernel) => ({ run: [{ method: "shell.run", params: { message: [
        kernel.platform, kernel.gpu, kernel.gpu_model, process.platform, process.arch,
        kernel.platform === "darwin" ? "brew install x" : "sudo apt install x",
      ].join(" ") } }] })`,
    });
    const mac = await reportOf(path, "--platform", "darwin");
    expect(mac.machine).toMatchObject({ platform: "darwin", arch: "arm64", gpu: "apple" });
    expect(findingsOf(mac).map(({ message }) => message)).toEqual(["The menu links to darwin.js, which is not there"]);
    const linux = await reportOf(path, ...NVIDIA, "--gpu-model", "NVIDIA L4", "--vram", "22");
    expect(linux.machine).toEqual({ platform: "linux", arch: "x64", gpu: "nvidia", gpuModel: "NVIDIA L4", vram: 22 });
    expect(linux.findings[0]?.message).toBe("The menu links to linux.js, which is not there");
  });

  test("a syntax error is told with file, line, column and the line itself", async () => {
    const report = await reportOf(
      appOf({ "pinokio.js": MENU("install.js"), "install.js": `module.exports = {\n  run: []\n  method: 1\n}` }),
    );
    expect(findingsOf(report)).toMatchObject([
      { level: "error", kind: "load", file: "install.js", line: 3, column: 3, source: "method: 1" },
    ]);
    expect(report).toMatchObject({ verdict: "cannot", code: 1 });
  });

  test("JSON with a mistake as well", async () => {
    const report = await reportOf(
      appOf({ "pinokio.js": MENU("install.json"), "install.json": `{\n "run": [{ "method": "log" ]\n}` }),
    );
    expect(findingsOf(report)).toMatchObject([{ level: "error", kind: "load", file: "install.json", line: 2 }]);
  });
});

describe("hostile code", () => {
  test("a launcher can write nothing and start nothing, and what it does at last is told", async () => {
    const target = join(folder.path, "stolen");
    const path = appOf({
      "pinokio.js": `
        const attempts = [
          () => require("fs").writeFileSync(${JSON.stringify(target)}, "x"),
          () => require("child_process").execSync("touch " + ${JSON.stringify(target)}),
          () => require("fs").readFileSync("/etc/passwd", "utf8"),
        ];
        for (const attempt of attempts) { try { attempt(); console.log("it worked") } catch {} }
        module.exports = { title: Object.keys(process.env).join(), menu: [{ text: "i", href: "install.json" }] }`,
      "install.json": JSON.stringify({
        run: [
          {
            method: "log",
            params: { raw: `{{process.getBuiltinModule("fs").writeFileSync(${JSON.stringify(target)}, "x")}}` },
          },
          { method: "shell.run", params: { message: `touch ${target}` } },
        ],
      }),
    });
    const report = await reportOf(path);
    expect(existsSync(target)).toBe(false);
    expect(report.title).not.toMatch(/PATH|HOME/);
    expect(findingsOf(report).map(({ kind }) => kind)).toEqual(["template"]);
  });

  test.each<[string, Record<string, string>, Partial<CheckFinding>]>([
    [
      "a menu that never ends",
      { "pinokio.js": `module.exports = {\n  menu: async () => {\n    for (;;) {}\n  } }`, "install.json": INSTALL },
      { level: "warning", file: "pinokio.js", line: 2, message: "Its menu takes longer than 2 s" },
    ],
    [
      "a menu that waits for ever",
      { "pinokio.js": `module.exports = {\n\n  menu: () => new Promise(() => {}) }`, "install.json": INSTALL },
      { level: "warning", file: "pinokio.js", line: 3, message: "Its menu takes longer than 2 s" },
    ],
    [
      "a menu that throws",
      { "pinokio.js": `module.exports = {\n  menu: () => {\n    nothing()\n  } }`, "install.json": INSTALL },
      {
        level: "warning",
        file: "pinokio.js",
        line: 3,
        message: "ReferenceError: nothing is not defined",
        source: "nothing()",
      },
    ],
    [
      "a launcher that prints",
      { "pinokio.js": `\nconsole.log("hello"); module.exports = { menu: [] }`, "install.json": INSTALL },
      { level: "warning", kind: "prints", file: "pinokio.js", line: 2 },
    ],
    [
      "a script that ends the process",
      { "pinokio.js": MENU("install.js"), "install.js": `process.exit(3); module.exports = {}` },
      { level: "error", file: "install.js", message: "Loading it ends the process (exit code 3)" },
    ],
    [
      "a template that never ends",
      {
        "pinokio.js": MENU("install.json"),
        "install.json": JSON.stringify({ run: [{ method: "log", params: { raw: "{{(() => { for (;;) {} })()}}" } }] }),
      },
      { level: "error", file: "install.json", message: "A template in it takes longer than 2 s" },
    ],
  ])("%s is told, and the rest is checked", async (_, files, expected) => {
    const report = await reportOf(appOf(files));
    expect(findingsOf(report)).toMatchObject([expected]);
    expect(report.scripts).toHaveLength(1);
    expect(report.code).toBe(expected.level === "error" ? 1 : 4);
  });

  test("nothing of it is left running, and no sidecar is started", () => {
    expect(home.processes()).toEqual([]);
    expect(readdirSync(home.path)).toEqual([]);
  });
});

describe("many apps", () => {
  test("a table with a line each, or the whole reports", async () => {
    const many = join(folder.path, "many");
    appOf({ "pinokio.js": MENU("install.json"), "install.json": INSTALL }, "good", many);
    appOf({ "pinokio.js": "module.exports = {", "install.json": INSTALL }, "broken", many);
    appOf({ "readme.txt": "no app" }, "other", many);
    appOf({ "pinokio.js": MENU() }, "st*r", many);
    const { out, code } = await check(many);
    expect(out.split("\n").map((line) => line.split(/\s{2,}/).slice(0, 4))).toEqual([
      ["app", "verdict", "scripts", "problems"],
      ["broken", "cannot work", "1", "1"],
      ["good", "works", "1", "0"],
      ["st*r", "cannot work", "0", "1"],
      [""],
      ["3 apps: 1 work, 0 with warnings, 2 cannot"],
      [""],
    ]);
    expect(code).toBe(1);
    const { json } = await check(many, "--json");
    expect(json["totals"]).toEqual({ works: 1, warnings: 0, cannot: 2 });
    expect((json["apps"] as unknown[]).map((report) => CheckReport.parse(report).app)).toEqual([
      "broken",
      "good",
      "st*r",
    ]);
  });
});

describe("a repository", () => {
  test("is fetched into a temporary folder that is removed", async () => {
    const work = appOf({ "pinokio.js": MENU("install.json"), "install.json": INSTALL }, "work");
    const bare = join(folder.path, "launcher.git");
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", work, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "a");
    git("clone", "-q", "--bare", work, bare);
    const temporary = join(folder.path, "temporary");
    mkdirSync(temporary);
    const { json, code } = await home.runWith({ TMPDIR: temporary }, "check", `file://${bare}`, "--json");
    expect(CheckReport.parse(json)).toMatchObject({
      app: "launcher",
      verdict: "works",
      scripts: [{ path: "install.json", role: "install" }],
    });
    expect(code).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("that cannot be fetched is told", async () => {
    const { code, err } = await check(`file://${folder.path}/nowhere.git`);
    expect(code).toBe(1);
    expect(err).toMatch(
      /nowhere\.git could not be cloned: .*(?:does not appear to be a git repository|does not exist)/,
    );
  });
});

test.each([
  [["/nowhere"], /There is no folder \/nowhere/],
  [[], /missing required argument/],
  [["/tmp", "--platform", "beos"], /Allowed choices are linux, darwin, win32/],
  [["/tmp", "--vram", "much"], /not a number of gigabytes/],
])("wrong usage %j: exit code 2", async (args, words) => {
  const { code, err } = await check(...args);
  expect(code).toBe(2);
  expect(err).toMatch(words);
});

test("an interrupted check leaves nothing running", async () => {
  const path = appOf({ "pinokio.js": "for (;;) {}", "install.json": INSTALL });
  const node = process.env["PINOKIOCLOUD_NODE"] ?? process.execPath;
  const mark = `--allow-fs-read=${path}`;
  const running = spawn(node, [join(BUNDLES, "cli.mjs"), "check", path], { env: home.environment(), stdio: "ignore" });
  await until(
    () => hostsWith(mark),
    (hosts) => hosts > 0,
  );
  running.kill("SIGINT");
  await until(
    () => hostsWith(mark),
    (hosts) => hosts === 0,
  );
});

/** Processes that were started with this word. */
const hostsWith = (word: string): number =>
  readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandOf(pid).split("\0").includes(word)).length;

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // gone
  }
}

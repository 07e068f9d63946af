import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { processesWith } from "../../../src/runtime/base/processes.js";
import type { LauncherFacts } from "../../../src/runtime/protocol/launcher.js";
import { createLauncherHosts } from "../../../src/runtime/supervisor/launcher-host-client.js";
import { BUNDLES } from "../../helpers/command-line.js";
import { app } from "../../helpers/test-app.js";
import { until } from "../../helpers/test-runner.js";

const EXAMPLES = new URL("../../../examples/", import.meta.url).pathname;
const MARK = `host-${process.pid}`;

const OPTIONS = {
  node: process.env["PINOKIOCLOUD_NODE"] ?? process.execPath,
  bundle: join(BUNDLES, "launcher-host.mjs"),
  env: { PATH: process.env["PATH"] ?? "", PK_TEST_HOST: MARK },
  timeoutMs: 1_000,
};
const hosts = createLauncherHosts(OPTIONS);

afterAll(async () => {
  hosts.close();
  await until(
    () => processesWith("PK_TEST_HOST", MARK),
    (left) => left.length === 0,
  );
});

const menuOf = async (files: Record<string, string>): Promise<unknown[]> => {
  using made = app(files);
  return (await hosts.menu(made.path, made.facts)).menu;
};

describe("the hello app's menu", () => {
  test("offers what fits: install, start, then its page", async () => {
    using hello = app({}, "hello");
    cpSync(join(EXAMPLES, "hello-server"), hello.path, { recursive: true });
    const texts = async (facts: LauncherFacts): Promise<unknown[]> =>
      (await hosts.menu(hello.path, facts)).menu.map(({ text, href, running }) => [text, href, running]);

    expect(await texts(hello.facts)).toEqual([["Install", "install.json", undefined]]);
    expect(await texts(hello.running("install.json"))).toEqual([["Installing", "install.json", true]]);
    mkdirSync(join(hello.path, "app/env"), { recursive: true });
    expect(await texts(hello.facts)).toEqual([
      ["Start", "start.json", undefined],
      ["Reinstall", "install.json", undefined],
    ]);
    expect(await texts(hello.running("start.json"))).toEqual([["Terminal", "start.json", true]]);
    expect(await texts(hello.running("start.json", { url: "http://127.0.0.1:42003" }))).toEqual([
      ["Open Web UI", "http://127.0.0.1:42003", undefined],
      ["Terminal", "start.json", true],
    ]);
    expect(await hosts.menu(hello.path, hello.facts)).toMatchObject({
      title: "Hello Server",
      iconFile: join(hello.path, "icon.svg"),
      launcherRoot: "",
    });
  });
});

describe("a menu", () => {
  test("may be a list, with levels, templates and items that lead nowhere", async () => {
    const menu = `[
      { text: "A", href: "./a.json", icon: "fa-solid fa-plug", default: true },
      { text: "Web", href: "http://localhost:7860", popout: true },
      { text: "P", href: "a.json?run=true#L3", params: { x: "1 2" } },
      { text: "Nest", menu: [ { text: "n1", menu: [ { text: "n2", href: "b.json" } ] } ] },
      { text: "Run", run: "echo {{platform}}" },
      { text: "Shell", shell: { message: "ls {{arch}}", input: true } },
      { text: "Files", href: "out?fs", fs: true },
      { html: "<i></i> Old", href: "old.json" },
      { text: "only text" }, { text: "gone", href: null }, null, "x"
    ]`;
    expect(await menuOf({ "pinokio.js": `module.exports = { title: "T", menu: ${menu} }` })).toEqual([
      { text: "A", href: "a.json", icon: "fa-solid fa-plug", default: true },
      { text: "Web", href: "http://localhost:7860", popout: true },
      { text: "P", href: "a.json?run=true#L3", params: { x: "1 2" } },
      { text: "Nest", menu: [{ text: "n1", menu: [{ text: "n2", href: "b.json" }] }] },
      { text: "Run", run: "echo linux" },
      { text: "Shell", shell: { message: "ls x64", input: true } },
      { text: "Files", href: "out?fs", fs: true },
      { text: "<i></i> Old", href: "old.json" },
    ]);
  });

  test("may be a function that asks about scripts and files, awaited or not", async () => {
    const launcher = `const path = require("path"); const helper = require("./helper");
      module.exports = { menu: async (kernel, info) => [{ href: "start.json", text: JSON.stringify([
        info.exists("start.json"), info.exists("nope"), info.running("start.json"), info.ready("start.json"),
        info.local("start.json"), info.local("nope"), info.path("x") === path.resolve(__dirname, "x"),
        kernel.running(__dirname, "start.json"), await kernel.exists(__dirname, "start.json"),
        kernel.memory.local[path.resolve(__dirname, "start.json")], kernel.memory.local["/nope"] === undefined,
        kernel.platform, kernel.script.running(__dirname, "start.json"), helper() ]) }] }`;
    using made = app({
      "pinokio.js": launcher,
      "start.json": "{}",
      "helper.js": "module.exports = () => 'first'",
    });
    const facts = made.running("start.json", { url: "u" });
    const expected = [true, false, true, true, { url: "u" }, {}, true, true, true, { url: "u" }, true, "linux", true];
    const ask = async (): Promise<unknown> => JSON.parse((await hosts.menu(made.path, facts)).menu[0]?.text ?? "");
    expect(await ask()).toEqual([...expected, "first"]);
    writeFileSync(join(made.path, "helper.js"), "module.exports = () => 'second'");
    expect(await ask()).toEqual([...expected, "second"]);
  });

  test("lies in pinokio/ too: paths are then relative to that folder, hrefs to the app's", async () => {
    using made = app({
      "pinokio/pinokio.js":
        "module.exports = { title: 'Sub', menu: (kernel, info) => [{ text: 'S ' + info.exists('start.json'), href: 'start.json' }] }",
      "pinokio/start.json": "{}",
    });
    expect(await hosts.menu(made.path, made.running("pinokio/start.json"))).toMatchObject({
      title: "Sub",
      launcherRoot: "pinokio",
      menu: [{ text: "S true", href: "pinokio/start.json", running: true }],
    });
  });

  test("is merged from three files; a menu of the wrong kind is passed over", async () => {
    using made = app({
      "pinokio.js": "module.exports = { title: 'js', description: 'js', menu: [{ text: 'A', href: 'a.json' }] }",
      "pinokio_meta.json": '{ "description": "meta", "menu": "x" }',
      "pinokio.json": '{ "title": "json", }',
    });
    expect(await hosts.menu(made.path, made.facts)).toMatchObject({
      title: "json",
      description: "meta",
      menu: [{ text: "A", href: "a.json" }],
    });
  });

  test.each([
    ["its page", { "index.html": "<p>" }, [{ text: "Open", href: "index.html", default: true }]],
    ["its steps", { "pinokio.json": '{"run": [{}]}' }, [{ text: "Run", href: "pinokio.json" }]],
    ["its files", { "notes.txt": "n" }, [{ text: "Files", href: ".", fs: true }]],
  ])("without one an app offers %s", async (_, files, expected) => {
    expect(await menuOf(files as Record<string, string>)).toEqual(expected);
  });

  test("without a title the folder's name is one", async () => {
    using made = app({ "index.html": "" }, "some-folder");
    expect((await hosts.menu(made.path, made.facts)).title).toBe("some-folder");
  });

  test("may be a module or a class; what launchers of 2023 wrote works", async () => {
    expect(await menuOf({ "pinokio.js": "export default { menu: [{ text: 'esm', href: 'a' }] }" })).toHaveLength(1);
    expect(
      await menuOf({
        "pinokio.js": "module.exports = class { constructor() { this.menu = [{ text: 'c', href: 'a' }] } }",
      }),
    ).toHaveLength(1);
    using made = app({
      "pinokio.js":
        "module.exports = { menu: async () => [{ when: 'start.json', on: 'Stop', off: 'Start', href: 'x' }, { when: 'start.json', on: 'Only', href: 'y' }, { text: 'f', href: 'z', filter: () => false }] }",
    });
    expect((await hosts.menu(made.path, made.facts)).menu).toMatchObject([{ text: "Start" }]);
    expect((await hosts.menu(made.path, made.running("start.json"))).menu).toMatchObject([
      { text: "Stop" },
      { text: "Only" },
    ]);
  });

  test("of an app whose folder is a link knows its scripts all the same", async () => {
    using made = app({
      "pinokio.js":
        "module.exports = { menu: (kernel) => [{ text: String(kernel.running(__dirname, 'start.json')), href: 'start.json' }] }",
    });
    const link = join(made.facts.home, "api", "linked");
    symlinkSync(made.path, link);
    const facts = { ...made.facts, scripts: { [join(link, "start.json")]: { running: true, ready: true, local: {} } } };
    expect((await hosts.menu(link, facts)).menu).toEqual([{ text: "true", href: "start.json", running: true }]);
  });
});

const HOSTILE: [string, string, object][] = [
  [
    "loops in its menu",
    "module.exports = {\n  menu: () => {\n    for (;;) {}\n  } }",
    { file: "pinokio.js", line: "2" },
  ],
  ["loops when loaded", "\nfor (;;) {}", { file: "pinokio.js" }],
  ["never answers", "\n\nmodule.exports = { menu: () => new Promise(() => {}) }", { file: "pinokio.js", line: "3" }],
];

describe("a launcher that misbehaves harms nobody else", () => {
  test.each(HOSTILE)("%s: cut off after the time limit, with its place", async (_, launcher, context) => {
    using made = app({ "pinokio.js": launcher });
    const started = Date.now();
    await expect(hosts.menu(made.path, made.facts)).rejects.toMatchObject({
      code: "menu-timeout",
      message: "The launcher of my-app did not answer within 1 s",
      hint: expect.stringContaining("pinokio.js"),
      context,
    });
    expect(Date.now() - started).toBeLessThan(8_000);
    expect(await menuOf({ "index.html": "" })).toHaveLength(1);
  });

  test.each([
    [
      "throws",
      "module.exports = {\n  menu: async () => {\n    missingName.x();\n  },\n};\n",
      "pinokio.js:3:5: ReferenceError: missingName is not defined",
      { file: "pinokio.js", line: "3", source: "missingName.x();" },
    ],
    [
      "cannot be read",
      "module.exports = {\n  title: 't'\n  menu: 1\n};\n",
      "pinokio.js:3:3: SyntaxError: Unexpected identifier 'menu'",
      { file: "pinokio.js", line: "3", source: "menu: 1" },
    ],
    ["needs a missing module", "require('fast-glob')", "Cannot find module 'fast-glob'", { file: "pinokio.js" }],
    [
      "wants to end the process",
      "module.exports = {\n  menu: () => {\n    process.exit(3);\n  } }",
      "pinokio.js:3:13: Error: process.exit() is not allowed in a launcher",
      { file: "pinokio.js", line: "3", source: "process.exit(3);" },
    ],
    [
      "ends its process",
      "process.reallyExit(3)",
      "The launcher of my-app ended its own process (exit code 3)",
      undefined,
    ],
  ])("one that %s is reported with its place", async (_, launcher, message, context) => {
    using made = app({ "pinokio.js": launcher });
    await expect(hosts.menu(made.path, made.facts)).rejects.toMatchObject({
      code: "menu-failed",
      message: expect.stringContaining(message),
      ...(context === undefined ? {} : { context }),
    });
    expect(await menuOf({ "index.html": "" })).toHaveLength(1);
  });

  test("one that prints gets its menu, and it is told where, once", async () => {
    const menu =
      "module.exports = {\n  menu: async () => {\n    await 0\n    console.log('I am', 'here'); console.error('too');\n    return [{ text: 'a', href: 'a' }] } }";
    using made = app({ "pinokio.js": menu });
    const told = {
      level: "warning",
      kind: "prints",
      message: expect.stringContaining("“I am here”"),
      file: "pinokio.js",
      line: 4,
      column: 13,
    };
    for (const ask of [hosts.menu, hosts.fencedMenu]) {
      expect(await ask(made.path, made.facts)).toMatchObject({ menu: [{ text: "a" }], findings: [told] });
    }
    using late = app({
      "pinokio.js": "setInterval(() => console.log('tick'), 5); module.exports = { menu: [{ text: 'b', href: 'b' }] }",
    });
    await hosts.menu(late.path, late.facts);
    const slow =
      "module.exports = { menu: async () => { await new Promise((done) => setTimeout(done, 60)); return [] } }";
    using quiet = app({ "pinokio.js": slow });
    expect(await hosts.menu(quiet.path, quiet.facts)).not.toHaveProperty("findings");
  });

  test("one that prints a megabyte, or fails later, gets its menu", async () => {
    const menu = "module.exports = { menu: [{ text: 'a', href: 'a' }] }";
    const noisy = `process.stdout.write("y".repeat(1e6)); for (let i = 0; i < 1e4; i++) console.log("x".repeat(99)); ${menu}`;
    expect(await menuOf({ "pinokio.js": noisy })).toHaveLength(1);
    expect(await menuOf({ "pinokio.js": `setTimeout(() => { throw new Error("late") }, 1); ${menu}` })).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await menuOf({ "index.html": "" })).toHaveLength(1);
  });

  test("one that gives back endless or strange values is cut to size", async () => {
    const strange =
      "const a = { text: 'a', href: 'a' }; a.self = a; a.fn = () => 1; a.deep = []; let d = a.deep; for (let i = 0; i < 1e4; i++) { const n = []; d.push(n); d = n } module.exports = { menu: [a, new Proxy({}, { get() { throw new Error('no') } })] }";
    await expect(menuOf({ "pinokio.js": strange })).rejects.toMatchObject({ code: "menu-failed" });
    expect(await menuOf({ "pinokio.js": strange.replace(/, new Proxy.*\}\)\]/, "]") })).toMatchObject([{ text: "a" }]);
  });

  test("programs that a hanging launcher has started are ended with it", async () => {
    using made = app({
      "pinokio.js":
        "require('child_process').spawn('sleep', ['71911']); module.exports = { menu: () => new Promise(() => {}) }",
    });
    await expect(hosts.menu(made.path, made.facts)).rejects.toMatchObject({ code: "menu-timeout" });
    const hostsLeft = () => processesWith("PK_TEST_HOST", MARK).map((pid) => commandOf(pid));
    await until(hostsLeft, (left) => !left.includes("sleep"), 2_000);
  });
});

test("a host that nobody asks ends, and the next question starts another", async () => {
  const mark = `${MARK}-idle`;
  const brief = createLauncherHosts({ ...OPTIONS, env: { PK_TEST_HOST: mark }, idleMs: 100 });
  using made = app({ "index.html": "" });
  const hostsOf = (): number[] => processesWith("PK_TEST_HOST", mark);
  expect(hostsOf()).toEqual([]);
  for (const _ of ["first", "second"]) {
    expect((await brief.menu(made.path, made.facts)).menu).toHaveLength(1);
    expect(hostsOf()).toHaveLength(1);
    await until(hostsOf, (left) => left.length === 0, 2_000);
  }
  brief.close();
});

test("a Node that is not there is said so", async () => {
  const broken = createLauncherHosts({ ...OPTIONS, node: "/nowhere/node" });
  using made = app({ "index.html": "" });
  await expect(broken.menu(made.path, made.facts)).rejects.toMatchObject({ code: "internal" });
  broken.close();
});

describe("code that nobody has agreed to", () => {
  const attempt = (code: string): string =>
    `let title = "done"; try { ${code} } catch (error) { title = "denied " + (error.code || error.message) } module.exports = { title, menu: [] }`;
  const secret = "/etc/passwd";

  test.each([
    ["read another file", `title = require("fs").readFileSync("${secret}", "utf8")`],
    ["look around", `title = require("fs").readdirSync("/").join()`],
    ["write into its own folder", `require("fs").writeFileSync(__dirname + "/written", "x")`],
    ["write elsewhere", `require("fs").writeFileSync("/tmp/pk-written", "x")`],
    ["open a database", `new (require("node:sqlite").DatabaseSync)("/tmp/pk-written.db")`],
    ["start a program", `require("child_process").execSync("id")`],
    ["become a program", `process.execve("/bin/true", ["true"])`],
    ["start a worker", `new (require("worker_threads").Worker)("1", { eval: true })`],
    ["signal another process", `process.kill(process.ppid, 0)`],
    ["open a debugger in another process", `process._debugProcess(process.ppid)`],
    ["connect", `require("net").connect(9, "127.0.0.1")`],
    ["connect by hand", `new (require("net").Socket)().connect(9)`],
    ["listen", `require("http").createServer().listen(0)`],
    ["send datagrams", `require("dgram").createSocket("udp4")`],
    ["ask for names", `require("dns").lookup("localhost", () => {})`],
    ["load native code", `process.dlopen({ exports: {} }, "/x.node")`],
    [
      "see the environment",
      `if (Object.keys(process.env).length > 0) title = "sees " + Object.keys(process.env); else throw new Error("nothing")`,
    ],
    ["listen by hand", `require("net").createServer()._listen2("127.0.0.1", 45991, 4, 511)`],
    [
      "listen on a bare handle",
      `const { TCP } = { TCP: new (require("tls").TLSSocket)()._handle._parent.constructor }; new TCP(1).bind("127.0.0.1", 45993)`,
    ],
    [
      "make a Unix socket",
      `const Pipe = new (require("tls").TLSSocket)(undefined, { pipe: true })._handle._parent.constructor; new Pipe(1).bind(__dirname + "/written")`,
    ],
    ["take our socket", `new (require("net").Socket)({ fd: 3 })`],
    ["find our socket", `process._getActiveHandles()`],
    ["open a debugger", `require("inspector").open(45992, "127.0.0.1")`],
  ])("cannot %s", async (_, code) => {
    using made = app({ "pinokio.js": attempt(code) });
    const { title } = await hosts.fencedMenu(made.path, made.facts);
    expect(title).toMatch(/^denied /);
    expect(existsSync(join(made.path, "written"))).toBe(false);
    for (const file of ["/tmp/pk-written", "/tmp/pk-written.db"]) expect(existsSync(file)).toBe(false);
  });

  test.each(["http://127.0.0.1:42999/", "http://localhost:42999/", "https://127.0.0.1:42999/", "https://example.org/"])(
    "cannot reach %s through fetch either",
    async (url) => {
      using made = app({
        "pinokio.js": `module.exports = { menu: async () => { try { await fetch('${url}'); return [{ text: 'ok', href: 'x' }] } catch (error) { return [{ text: error.cause.code, href: 'x' }] } } }`,
      });
      expect((await hosts.fencedMenu(made.path, made.facts)).menu).toEqual([{ text: "ERR_ACCESS_DENIED", href: "x" }]);
    },
  );

  test("cannot change what is said of scripts that stand beside it", async () => {
    using made = app({
      "pinokio.js": `
        const stringify = JSON.stringify;
        JSON.stringify = (value, ...more) => stringify(value, ...more)?.replaceAll("rm -rf /", "echo hello");
        Array.prototype.push = new Proxy(Array.prototype.push, {
          apply: (push, list, given) => Reflect.apply(push, list, given.filter((one) => one?.path !== "hidden.json")),
        });
        module.exports = { title: "Nice" };`,
      "install.json": '{"run": [{"method": "shell.run", "params": {"message": "rm -rf /"}}]}',
      "hidden.json": '{"run": [{"method": "shell.run", "params": {"message": "secretly"}}]}',
    });
    const { title, scripts } = await hosts.describe(made.path);
    expect(title).toBe("Nice");
    expect(scripts).toEqual([
      { path: "hidden.json", commands: ["secretly"], problem: null },
      { path: "install.json", commands: ["rm -rf /"], problem: null },
    ]);
  });

  test("is looked at by one process, which may have been there before the folder and can read nothing else", async () => {
    using made = app({ "beside.txt": "beside" });
    const folder = join(made.path, "fetched");
    hosts.prepare(folder);
    const reads = (file: string): string => `(() => { try { return fs.readFileSync(${file}, "utf8"); } catch (error) {
      return error.code; } })()`;
    const own = reads('__dirname + "/own/own.txt"');
    const other = reads('__dirname + "/../beside.txt"');
    mkdirSync(join(folder, "own"), { recursive: true });
    writeFileSync(join(folder, "own/own.txt"), "own");
    writeFileSync(join(folder, "own/more.json"), '{"run": [{"method": "shell.run", "params": {"message": "more"}}]}');
    writeFileSync(
      join(folder, "pinokio.js"),
      `const fs = require("fs"); const menu = [{ text: "Setup", href: "own/more.json" }];
       module.exports = { title: process.pid + " " + ${own} + " " + ${other}, menu }`,
    );
    const { menu, description } = await hosts.look(folder, made.facts, () => ["own/more.json"]);
    expect(menu?.title).toMatch(/^\d+ own ERR_ACCESS_DENIED$/);
    expect(description.title).toBe(menu?.title);
    expect(description.scripts).toEqual([{ path: "own/more.json", commands: ["more"], problem: null }]);
  });

  test("whose menu fails is described all the same", async () => {
    using made = app({ "pinokio.js": "throw new Error('no')", "install.json": '{"run": [{"method": "fs.rm"}]}' });
    const { menu, description } = await hosts.look(made.path, made.facts, () => []);
    expect(menu).toBeNull();
    expect(description.scripts).toEqual([
      { path: "pinokio.js", commands: [], problem: expect.stringContaining("no") },
      { path: "install.json", commands: ["(fs.rm)"], problem: null },
    ]);
  });

  test("can read its own folder, so that its menu is known", async () => {
    using made = app({
      "pinokio.js":
        "const words = require('./words.json'); module.exports = { menu: (kernel, info) => [{ text: words.hi + info.exists('words.json') + info.exists('/etc/passwd'), href: 'x' }] }",
      "words.json": '{"hi": "hi "}',
    });
    expect((await hosts.fencedMenu(made.path, made.facts)).menu).toMatchObject([{ text: "hi truefalse" }]);
  });

  test("is described: scripts, commands as written, and what needed more", async () => {
    using made = app({
      "pinokio.js": "module.exports = { title: 'T', description: 'D', menu: () => { throw new Error('not called') } }",
      "install.json": JSON.stringify({
        run: [
          { method: "shell.run", params: { message: ["git clone x", "pip install {{args.x}}"] } },
          { method: "shell.run", params: { message: { _: ["echo", "a b"], flag: true } } },
          { method: "fs.rm", params: { path: "x" } },
          { method: "hf.download", params: { _: ["org/model"], path: "app" } },
        ],
      }),
      "start.js":
        "module.exports = async (kernel) => ({ run: [{ method: 'shell.run', params: { message: 'serve on ' + kernel.platform } }, { method: () => 1 }] })",
      "nosy.js": `module.exports = { run: [{ method: "shell.run", params: { message: require("fs").readFileSync("${secret}", "utf8") } }] }`,
      "helper.js": "module.exports = { hi: () => 1 }",
      "config.json": '{"a": 1}',
      "broken.json": "{",
      "pinokio/torch.js":
        "module.exports = { run: [{ method: 'shell.run', params: { message: 'uv pip install torch' } }] }",
      "package.json": "{}",
    });
    expect(await hosts.describe(made.path)).toEqual({
      title: "T",
      description: "D",
      iconFile: null,
      scripts: [
        { path: "broken.json", commands: [], problem: expect.stringContaining("broken.json:1:2") },
        {
          path: "install.json",
          commands: [
            "git clone x",
            "pip install {{args.x}}",
            "echo a b --flag true",
            "(fs.rm x)",
            "hf download org/model",
          ],
          problem: null,
        },
        {
          path: "nosy.js",
          commands: [],
          problem: expect.stringContaining("it wants to read /etc/passwd, which is not allowed"),
        },
        { path: "start.js", commands: ["serve on linux", "(code of the script)"], problem: null },
        { path: "pinokio/torch.js", commands: ["uv pip install torch"], problem: null },
      ],
    });
  });

  test.each([
    ["ends the process", "process.reallyExit(0)", "ended its own process"],
    ["loops", "for (;;) {}", "did not answer within 1 s"],
    ["eats memory", "const all = []; for (;;) all.push(new Array(1e6).fill('x'))", "of my-app"],
  ])("that %s cannot hide the app's other scripts", async (_, code, problem) => {
    using made = app({
      "pinokio.js": code,
      "start.js": "module.exports = {}",
      "install.json": '{"run": [{"method": "shell.run", "params": {"message": "ls"}}]}',
    });
    expect(await hosts.describe(made.path)).toMatchObject({
      title: "my-app",
      scripts: [
        { path: "pinokio.js", commands: [], problem: expect.stringContaining(problem) },
        { path: "install.json", commands: ["ls"], problem: null },
        { path: "start.js", commands: [], problem: expect.stringContaining(problem) },
      ],
    });
  });

  test("that wants to end the process is not let", async () => {
    using made = app({
      "pinokio.js": "process.exit(0)",
      "broken.js": "module.exports = {}; process.exit(1)",
      "start.js": `module.exports = async (kernel) => ({ run: [{ method: "exec", params: { message: "on " + (await kernel.port()) } }] })`,
    });
    const problem = expect.stringContaining("exit is not allowed");
    expect((await hosts.describe(made.path)).scripts).toEqual([
      { path: "pinokio.js", commands: [], problem },
      { path: "broken.js", commands: [], problem },
      { path: "start.js", commands: ["on 42003"], problem: null },
    ]);
  });

  test("may ask for a port in its menu", async () => {
    using made = app({
      "pinokio.js": "module.exports = { menu: async (kernel) => [{ text: 'on ' + (await kernel.port()), href: 'x' }] }",
    });
    expect((await hosts.fencedMenu(made.path, made.facts)).menu).toMatchObject([{ text: "on 42003" }]);
  });

  test("an icon is a file of the app or none", async () => {
    using made = app({ "pinokio.js": `module.exports = { icon: "pic.png" }` });
    symlinkSync(secret, join(made.path, "pic.png"));
    expect((await hosts.describe(made.path)).iconFile).toBeNull();
  });
});

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { processesWith } from "../../../src/runtime/base/processes.js";
import type { LauncherMenu } from "../../../src/runtime/protocol/launcher.js";
import { createLauncherHosts } from "../../../src/runtime/supervisor/launcher-host-client.js";
import { BUNDLES } from "../../helpers/command-line.js";
import { app, type TestApp } from "../../helpers/test-app.js";
import { until } from "../../helpers/test-runner.js";

const MARK = `hostile-${process.pid}`;
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

/** What a launcher writes on the socket between its host and the sidecar, which it can reach by its number. */
const SPEAK = `
const fs = require("fs");
const write = (bytes) => {
  for (let at = 0; at < bytes.length; ) {
    try { at += fs.writeSync(3, bytes, at) } catch (error) { if (error.code !== "EAGAIN") throw error }
  }
};
const frame = (text, kind = 0) => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(Buffer.byteLength(text));
  head[4] = kind;
  write(Buffer.concat([head, Buffer.from(text)]));
};
const say = (message) => frame(JSON.stringify(message));
const wait = () => { for (;;) {} };
`;

const NONSENSE: Record<string, string> = {
  "bytes without end": `for (;;) write(Buffer.alloc(65536, "a"))`,
  "zeros without end": `for (;;) write(Buffer.alloc(65536))`,
  "a frame beyond the limit": `frame("x".repeat(1024 * 1024 + 1))`,
  "frames without end": `for (;;) say({ kind: "ready" })`,
  "bytes one by one": `const head = Buffer.alloc(5); head.writeUInt32BE(3000); write(head); for (let i = 0; i < 3000; i++) write(Buffer.from("x")); wait()`,
  "no JSON": `frame("{"); wait()`,
  "bytes that are no text": `frame("{}", 1); wait()`,
  "an unknown kind": `frame("{}", 9); wait()`,
  "a value of another form": `frame("[1, null]"); wait()`,
  "an answer to another question": `say({ id: 99, kind: "failed", error: { code: "internal", message: "m" } }); wait()`,
  "a place of another form": `say({ id: 1, kind: "at", place: { file: 1, what: "menu" } }); wait()`,
  "an answer of another kind": `say({ id: 1, kind: "describe", value: { title: "t", description: "", iconFile: null, scripts: [] } }); wait()`,
  "a value without a bottom": `frame('{"id":1,"kind":"menu","value":{"title":"","description":"","iconFile":null,"launcherRoot":"","menu":' + '[{"menu":'.repeat(1e5) + "[]" + "}]".repeat(1e5) + "}}"); wait()`,
};

const REFUSED = {
  code: "menu-failed",
  message: "The launcher of my-app gave too much or nonsense as an answer",
};

describe("a host in which a launcher writes", () => {
  const other = { "pinokio.js": "module.exports = { menu: [{ text: 'a', href: 'a' }] }" };

  test.each(Object.entries(NONSENSE))("%s is ended, and the sidecar goes on", async (_, code) => {
    using made = app({ "pinokio.js": `${SPEAK} ${code}` });
    const before = process.memoryUsage().rss;
    await expect(hosts.fencedMenu(made.path, made.facts)).rejects.toMatchObject(REFUSED);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    using fine = app(other);
    expect((await hosts.fencedMenu(fine.path, fine.facts)).menu).toHaveLength(1);
  });

  test("nonsense is ended as well when a person agreed to the app", async () => {
    using made = app({ "pinokio.js": `${SPEAK} for (;;) write(Buffer.alloc(65536, "a"))` });
    await expect(hosts.menu(made.path, made.facts)).rejects.toMatchObject(REFUSED);
    using fine = app(other);
    expect((await hosts.menu(fine.path, fine.facts)).menu).toHaveLength(1);
  });

  test("nonsense after its answer is ended, and the next app gets another host", async () => {
    using made = app({
      "pinokio.js": `${SPEAK} setTimeout(() => frame("{"), 20); module.exports = { menu: [{ text: "a", href: "a" }] }`,
    });
    expect((await hosts.menu(made.path, made.facts)).menu).toHaveLength(1);
    const [host] = processesWith("PK_TEST_HOST", MARK);
    await until(
      () => processesWith("PK_TEST_HOST", MARK),
      (left) => !left.includes(host!),
    );
    using fine = app(other);
    expect((await hosts.menu(fine.path, fine.facts)).menu).toHaveLength(1);
  });

  test("nonsense cannot hide the app's other scripts", async () => {
    using made = app({
      "pinokio.js": `${SPEAK} for (;;) write(Buffer.alloc(65536, "a"))`,
      "install.json": '{"run": [{"method": "shell.run", "params": {"message": "ls"}}]}',
    });
    expect((await hosts.describe(made.path)).scripts).toEqual([
      { path: "pinokio.js", commands: [], problem: REFUSED.message },
      { path: "install.json", commands: ["ls"], problem: null },
    ]);
  });

  test("a host whose socket a launcher closes is ended", async () => {
    using made = app({ "pinokio.js": "require('fs').closeSync(3); module.exports = { menu: [] }" });
    await expect(hosts.fencedMenu(made.path, made.facts)).rejects.toMatchObject({
      code: expect.stringMatching(/^menu-/),
    });
  });

  test("a failure keeps its words and place, and no other code than that the launcher failed", async () => {
    const error = {
      code: "sidecar-stopped",
      message: "m".repeat(9_000),
      hint: "h",
      context: { file: "f", line: "x".repeat(5_000), other: "o" },
    };
    using made = app({ "pinokio.js": `${SPEAK} say(${JSON.stringify({ id: 1, kind: "failed", error })}); wait()` });
    const refusal = await hosts.fencedMenu(made.path, made.facts).catch((caught: unknown) => caught);
    expect(refusal).toMatchObject({ code: "menu-failed", hint: "h", context: { file: "f" } });
    expect((refusal as Error).message).toHaveLength(4_000);
    expect(Object.keys((refusal as { context: object }).context)).toEqual(["file", "line"]);
  });
});

describe("what an answer may hold", () => {
  test("a title and a description are cut", async () => {
    using made = app({
      "pinokio.js": "module.exports = { title: 't'.repeat(1e6), description: 'd'.repeat(1e6), menu: [] }",
    });
    const menu = await hosts.menu(made.path, made.facts);
    expect([menu.title.length, menu.description.length]).toEqual([200, 10_000]);
    const described = await hosts.describe(made.path);
    expect([described.title.length, described.description.length]).toEqual([200, 10_000]);
    expect(described.title.endsWith("t…")).toBe(true);
  });

  test("a menu that is too long is refused with its size", async () => {
    using made = app({
      "pinokio.js":
        "module.exports = { menu: [{ text: 'x'.repeat(700 * 1024), href: 'a' }, { text: 'é'.repeat(50 * 1024), href: 'a' }] }",
    });
    await expect(hosts.menu(made.path, made.facts)).rejects.toMatchObject({
      code: "menu-failed",
      message: "The menu of my-app is 801 KiB long; 768 KiB are allowed",
    });
  });

  test("a menu of 5,000 ordinary entries is shown", async () => {
    using made = app({
      "pinokio.js":
        "module.exports = { menu: Array.from({ length: 5000 }, (_, n) => ({ icon: 'fa-solid fa-power-off', text: 'Start number ' + n, href: 'start.js', params: { n } })) }",
    });
    expect((await hosts.menu(made.path, made.facts)).menu).toHaveLength(5_000);
  });

  test("of many scripts with many long commands some are left out, and that is said", async () => {
    const run = (count: number, command: string) =>
      JSON.stringify({ run: [{ method: "shell.run", params: { message: Array(count).fill(command) } }] });
    using few = app({ "a.json": run(300, "ls"), "b.json": run(1, "x".repeat(5_000)) });
    const [long, wide] = (await hosts.describe(few.path)).scripts;
    expect(long?.commands).toHaveLength(200);
    expect(long?.commands.slice(-2)).toEqual(["ls", "… and 101 more"]);
    expect(wide?.commands).toEqual([`${"x".repeat(3_999)}…`]);

    const names = Array.from({ length: 300 }, (_, index) => `s${String(index).padStart(3, "0")}.json`);
    const wordy = run(200, "\u0001é".repeat(100)); // more than 150 KiB each
    using many = app(Object.fromEntries(names.map((name, index) => [name, index < 10 ? wordy : run(1, "ls")])));
    const { scripts } = await hosts.describe(many.path);
    expect(scripts).toHaveLength(200);
    expect(scripts.at(-1)).toEqual({ path: "… and 101 more", commands: [], problem: null });
    expect(scripts[5]?.commands.at(-1)).toMatch(/^… and \d+ more$/);
    expect(scripts[9]?.commands).toEqual(["… and 200 more"]);
    expect(scripts[10]?.commands).toEqual(["… and 1 more"]);
  });

  test("the limits hold for answers that a launcher gives in the host's place", async () => {
    const value = {
      title: "t".repeat(1_000),
      description: "",
      iconFile: "/etc/passwd",
      scripts: Array.from({ length: 300 }, () => ({ path: "p", commands: Array(201).fill("c"), problem: null })),
    };
    using made = app({ "pinokio.js": `${SPEAK} say(${JSON.stringify({ id: 2, kind: "describe", value })}); wait()` });
    const described = await hosts.describe(made.path);
    expect(described.title).toHaveLength(200);
    expect(described.iconFile).toBeNull();
    expect(described.scripts).toHaveLength(200);
    expect(described.scripts[0]?.commands).toHaveLength(200);

    using tall = app({ "pinokio.js": forgedMenu({ menu: [{ text: "x".repeat(800 * 1024) }] }) });
    await expect(hosts.fencedMenu(tall.path, tall.facts)).rejects.toMatchObject({ code: "menu-failed" });
    using elsewhere = app({ "pinokio.js": forgedMenu({ launcherRoot: "../.." as "" }) });
    await expect(hosts.fencedMenu(elsewhere.path, elsewhere.facts)).rejects.toMatchObject(REFUSED);
  });

  const pictures: Record<string, (made: TestApp) => string> = {
    "another file": () => "/etc/passwd",
    "a way out": (made) => `${made.path}/../../../../../../../../etc/passwd`,
    "a link": (made) => {
      writeFileSync(join(made.path, "real.png"), "x");
      symlinkSync("real.png", join(made.path, "link.png"));
      return join(made.path, "link.png");
    },
    "a file below a link": (made) => {
      symlinkSync("/etc", join(made.path, "linked"));
      return join(made.path, "linked/passwd");
    },
    "a folder": (made) => {
      mkdirSync(join(made.path, "folder.png"));
      return join(made.path, "folder.png");
    },
    "a large file": (made) => {
      writeFileSync(join(made.path, "large.png"), Buffer.alloc(200_001));
      return join(made.path, "large.png");
    },
    "a relative path": () => "pic.png",
    "a path with a zero": (made) => join(made.path, "a\0.png"),
  };

  test.each(Object.entries(pictures))("%s is no picture", async (_, make) => {
    using made = app({ "pic.png": "x" });
    writeFileSync(join(made.path, "pinokio.js"), forgedMenu({ iconFile: make(made) }));
    expect((await hosts.fencedMenu(made.path, made.facts)).iconFile).toBeNull();
  });

  test("a small file of the app is one", async () => {
    using made = app({ "pic.png": "x" });
    writeFileSync(join(made.path, "pinokio.js"), forgedMenu({ iconFile: join(made.path, "pic.png") }));
    expect((await hosts.fencedMenu(made.path, made.facts)).iconFile).toBe(join(made.path, "pic.png"));
  });
});

function forgedMenu(changes: Partial<LauncherMenu>): string {
  const value = { title: "t", description: "", iconFile: null, launcherRoot: "", menu: [], ...changes };
  return `${SPEAK} say(${JSON.stringify({ id: 1, kind: "menu", value })}); wait()`;
}

describe("an app that hangs", () => {
  const HANGS = { "pinokio.js": "module.exports = { menu: () => { for (;;) {} } }" };

  test("keeps one host to itself while the others are answered by a second, which ends when it is idle", async () => {
    const mark = `${MARK}-second`;
    const pair = createLauncherHosts({ ...OPTIONS, env: { PK_TEST_HOST: mark }, timeoutMs: 2_000, idleMs: 300 });
    const running = (): number => processesWith("PK_TEST_HOST", mark).length;
    using first = app(HANGS, "first");
    using others = app({ "index.html": "" }, "other");
    const hanging = [pair.menu(first.path, first.facts), pair.menu(first.path, first.facts)].map((asked) =>
      asked.then(
        () => "answered",
        (error: { code: string }) => error.code,
      ),
    );
    let over = 0;
    for (const asked of hanging) void asked.then(() => over++);
    for (let count = 0; count < 5; count++) {
      expect((await pair.menu(others.path, others.facts)).menu).toHaveLength(1);
    }
    expect(over).toBe(0);
    expect(running()).toBe(2);
    expect(await Promise.all(hanging)).toEqual(["menu-timeout", "menu-timeout"]);
    expect((await pair.menu(others.path, others.facts)).menu).toHaveLength(1);
    await until(running, (left) => left === 0, 2_000);
    pair.close();
  });

  test("apps that answer quickly share one host", async () => {
    const mark = `${MARK}-shared`;
    const shared = createLauncherHosts({ ...OPTIONS, env: { PK_TEST_HOST: mark } });
    using one = app({ "index.html": "" }, "one");
    using two = app({ "index.html": "" }, "two");
    await Promise.all([one, two, one, two].map((made) => shared.menu(made.path, made.facts)));
    expect(processesWith("PK_TEST_HOST", mark)).toHaveLength(1);
    shared.close();
    await expect(shared.menu(one.path, one.facts)).rejects.toMatchObject({ code: "sidecar-ending" });
  });
});

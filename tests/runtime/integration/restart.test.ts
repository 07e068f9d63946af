import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { type TestHome, testHome, until } from "../../helpers/command-line.js";

const waits = (name: string, input = "nobody") =>
  JSON.stringify({
    daemon: true,
    run: [
      {
        method: "shell.run",
        params: {
          message: `echo "${name} ${input} $$"; exec sleep 600`,
          on: [{ event: `/${name} \\S* \\d+/`, done: true }],
        },
      },
    ],
  });

function source(home: TestHome): string {
  const folder = join(home.path, "..", "mine");
  const files = {
    "pinokio.js": 'module.exports = { title: "Mine", menu: [{ text: "Start", href: "start.json", default: true }] }',
    "start.json": waits("server", "{{input.name}}"),
    "other.json": waits("other"),
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

const isAlive = (pid: number): boolean => startTimeOf(pid) !== null;

/** What the latest run of a script was given, and its process. */
async function said(home: TestHome, name: string, script: string): Promise<{ input: string; pid: number }> {
  const { out } = await until(
    () => home.run("logs", `mine/${script}`),
    (logs) => new RegExp(`^${name} \\S+ \\d+`, "m").test(logs.out),
  );
  const [, input = "", pid = ""] = new RegExp(`^${name} (\\S+) (\\d+)`, "m").exec(out) ?? [];
  return { input, pid: Number(pid) };
}

test("an app is restarted with what it was given; what runs is gone before", async () => {
  await using home = testHome();
  expect((await home.run("install", source(home), "--yes")).code).toBe(0);
  const script = join(home.path, "api/mine/start.json");
  const begun = await home.run("script", "run", script, "--input", '{"name":"ada"}');
  const before = await said(home, "server", "start.json");
  expect([begun.code, before.input, isAlive(before.pid)]).toEqual([0, "ada", true]);
  expect((await home.run("run", "mine", "other.json")).code).toBe(0);
  const other = await said(home, "other", "other.json");
  expect([other.input, isAlive(other.pid)]).toEqual(["nobody", true]);

  const restarted = await home.run("restart", "mine");
  expect(restarted.code).toBe(0);
  const now = await said(home, "server", "start.json");
  expect([now.input, now.pid === before.pid]).toEqual(["ada", false]);
  expect([before, other].map(({ pid }) => isAlive(pid))).toEqual([false, false]);
  expect(isAlive((await said(home, "other", "other.json")).pid)).toBe(true);
  const live = (JSON.parse((await home.run("status", "--json")).out) as { runs: Run[] }).runs;
  expect(live.filter(({ state }) => state === "ready").map(({ script: name }) => name)).toEqual([
    "mine/start.json",
    "mine/other.json",
  ]);

  const one = await home.run("restart", "mine/other.json", "--json");
  expect(one.json).toMatchObject({ script: "mine/other.json", state: "ready" });
  expect(isAlive(now.pid)).toBe(true);

  // Scripts that nobody has agreed to are not started, and what runs is not stopped for them.
  writeFileSync(join(home.path, "api/mine/other.json"), waits("changed"));
  const refused = await home.run("restart", "mine/other.json");
  expect(refused.err).toMatch(/Nobody has agreed yet to what mine will run/);
  expect(isAlive((await said(home, "other", "other.json")).pid)).toBe(true);

  await home.run("stop", "mine");
  const nothing = await home.run("restart", "mine");
  expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining("Nothing that is called mine is running")]);

  // What was made in it is found, moved away and had back.
  mkdirSync(join(home.path, "api/mine/out"));
  writeFileSync(join(home.path, "api/mine/out/picture.txt"), "picture");
  expect((await home.run("files", "mine")).out).toMatch(/7 B +1 file +out\/\n/);
  expect((await home.run("files", "mine", "out/picture.txt")).out).toContain("picture.txt");
  const moved = await home.run("files", "mine", "out/picture.txt", "--trash");
  const [, entry = ""] = /trash restore (\S+)/.exec(moved.out) ?? [];
  expect((await home.run("files", "mine", "out")).out).toMatch(/^Nothing of yours is in out/);
  expect((await home.run("trash", "restore", entry)).code).toBe(0);
  expect((await home.run("files", "mine", "out", "--json")).json).toMatchObject({ own: { total: 1 } });
});

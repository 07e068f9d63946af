import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { RunRecord } from "../../../src/runtime/protocol/channel.js";
import { testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";
import { fill, mayMount, mountSmallDisk, unmount } from "../../helpers/small-disk.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";
import { startRunner } from "../../helpers/test-runner.js";

(mayMount ? test : test.skip)(
  "a full disk: one sentence with what to do, nothing half written, and it goes on when there is room",
  async () => {
    await using home = testHome();
    expect(mountSmallDisk(home.path, "3m")).toBe(true);
    try {
      await home.run("up");
      const makeRoom = fill(home.path);

      const full = await home.run("install", "hello-server", "--yes");
      expect(full.code).toBe(1);
      expect(full.err).toMatch(/^error: There is no space left to write .*\nhint: Free some space/);
      expect(JSON.parse((await home.run("list", "--json")).out)).toEqual([]);

      makeRoom();
      expect((await home.run("install", "hello-server", "--name", "again", "--yes", "--json")).json).toMatchObject({
        appId: "again",
      });
      const installed = readFileSync(join(home.path, "library/installed.json"), "utf8");
      fill(home.path);
      await home.run("install", "hello-server", "--yes");
      expect(readFileSync(join(home.path, "library/installed.json"), "utf8")).toBe(installed);
      expect((await home.run("down")).code).toBe(0);
    } finally {
      await home.run("down");
      unmount(home.path);
    }
  },
);

(mayMount ? test : test.skip)(
  "a disk that is full from the start: everything can be looked at, the reason is said, and room makes it work",
  async () => {
    await using home = testHome();
    expect(mountSmallDisk(home.path, "64k")).toBe(true);
    try {
      const makeRoom = fill(home.path);
      expect((await home.run("up")).code).toBe(0);
      expect((await home.run("status", "--json")).json).toMatchObject({
        mode: "read-only",
        modeReason: expect.stringMatching(/no space left to write .* Free some space/),
      });
      expect((await home.run("list")).code).toBe(0);
      makeRoom();
      await home.run("up", "--replace");
      expect((await home.run("status", "--json")).json).toMatchObject({ mode: "full" });
      await home.run("down");
    } finally {
      unmount(home.path);
    }
  },
);

(mayMount ? test : test.skip)("how a run ended while the disk was full is written when there is room", async () => {
  await using home = testHome();
  using scope = temporaryFolder();
  expect(mountSmallDisk(home.path, "3m")).toBe(true);
  try {
    const client = await connectTo(home);
    const go = join(scope.path, "go");
    const script = join(home.path, "waits.json");
    const message = `until [ -e ${go} ]; do sleep 0.05; done`;
    writeFileSync(script, JSON.stringify({ run: [{ method: "shell.run", params: { message } }] }));
    const { run } = await client.request("runs.start", { script, consent: true });
    const record = (): RunRecord =>
      JSON.parse(readFileSync(join(home.path, "runs", run.id, "run.json"), "utf8")) as RunRecord;
    const runner = await until(
      () => record().process,
      (found) => found !== null,
    );
    const makeRoom = fill(home.path);
    writeFileSync(go, "");
    await until(
      () => client.request("runs.find", { runId: run.id }),
      (found) => found?.end?.outcome === "finished",
    );
    process.kill(runner?.pid ?? 0, "SIGKILL"); // it would give up in a few seconds
    expect(record().run.end).toBeNull();
    makeRoom();
    await until(
      () => record().run.end?.outcome,
      (outcome) => outcome === "finished",
    );
    client.close();
  } finally {
    await home.run("down");
    unmount(home.path);
  }
});

(mayMount ? test : test.skip)(
  "an app whose install fills the disk is said to have failed, and goes to the trash, by the next sidecar too",
  async () => {
    await using home = testHome();
    using scope = temporaryFolder();
    const folder = join(scope.path, "filler");
    mkdirSync(folder);
    writeFileSync(join(folder, "pinokio.js"), "module.exports = { menu: [{ text: 'Install', href: 'install.json' }] }");
    const message = "dd if=/dev/zero of=large bs=4k; exit 1";
    const run = [{ method: "shell.run", params: { message, on: [{ event: "/No space/", break: true }] } }];
    writeFileSync(join(folder, "install.json"), JSON.stringify({ run }));
    expect(mountSmallDisk(home.path, "40m")).toBe(true);
    try {
      await home.run("up");
      expect(existsSync(join(home.path, "system/reserve"))).toBe(true);
      expect((await home.run("install", folder, "--yes")).code).toBe(1);
      expect((await home.run("list", "--json")).json).toMatchObject([{ id: "filler", state: "install-failed" }]);
      fill(home.path);
      await home.run("up", "--replace");
      expect((await home.run("status", "--json")).json).toMatchObject({ mode: "minimal" }); // not read-only
      const gone = await home.run("uninstall", "filler", "--yes", "--all");
      expect([gone.code, gone.err]).toEqual([0, expect.not.stringMatching(/^error/m)]);
      expect((await home.run("trash", "empty", "--yes")).code).toBe(0);
      expect(await home.run("list", "--json")).toMatchObject({ json: [] });
    } finally {
      await home.run("down");
      unmount(home.path);
    }
  },
);

/** Prints more than fits at first, and less than fits in all. */
const PRINTER = `
import os, time
for number in range(15_000):
    print(f"line-{number}-" + "x" * 90)
print("all of them", flush=True)
while not os.path.exists("go"):
    time.sleep(0.02)
print("there is room again", flush=True)
time.sleep(600)
`;

// Where nobody may mount, the test with /dev/full among those of the runner's output stands for the first half of it.
(mayMount ? test : test.skip)(
  "a run that prints while the disk is full goes on, says what is missing and is kept again when there is room",
  async () => {
    using scope = temporaryFolder();
    const runFolder = join(scope.path, "disk/run");
    mkdirSync(join(scope.path, "disk"));
    expect(mountSmallDisk(join(scope.path, "disk"), "2m")).toBe(true);
    try {
      writeFileSync(join(scope.path, "disk/ballast"), Buffer.alloc(1024 * 1024));
      await using runner = await startRunner(
        { run: [{ method: "shell.run", params: { message: "python3 -S printer.py" } }] },
        { files: { "printer.py": PRINTER }, runFolder },
      );
      const watcher = await runner.connect();
      await watcher.waitFor(({ warnings }) => warnings.includes("Output is being lost: the disk is full"));
      rmSync(join(scope.path, "disk/ballast"));
      writeFileSync(join(runner.app, "go"), "");
      await until(
        () => runner.output().includes("there is room again"),
        (isKept) => isKept,
      );
      expect(runner.output().includes("line-0-x")).toBe(true);
      expect(/\[About \d+ bytes of output are missing here\]/.test(runner.output())).toBe(true);
      watcher.stop(2_000);
      await runner.exited;
      expect(runner.record().run).toMatchObject({ state: "ended", end: { outcome: "stopped" } });
      expect(runner.processes()).toEqual([]);
    } finally {
      unmount(join(scope.path, "disk"));
    }
  },
);

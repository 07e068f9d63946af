import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { testHome } from "../../helpers/command-line.js";
import { makeVenv, writeAt } from "../../helpers/environments.js";

const mayMount =
  process.getuid?.() === 0 &&
  spawnSync("sh", ["-c", "d=$(mktemp -d) && mount -t tmpfs tmpfs $d && umount $d && rmdir $d"]).status === 0;

const makeReadOnly = (path: string): boolean =>
  spawnSync("sh", ["-c", 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"', path]).status === 0;

const unmount = (path: string) => spawnSync("umount", ["-l", path]);

const LOOKS: readonly (readonly string[])[] = [
  ["list"],
  ["status"],
  ["search", "comfyui", "--most", "200"],
  ["info", "hello-server"],
  ["env", "list"],
  ["env", "show", "envs/tools"],
  ["package", "list"],
  ["config", "get", "painter"],
  ["trash", "list"],
  ["models"],
  ["free"],
  ["limit", "painter"],
  ["env", "list", "--json"],
  ["app", "menu", "painter"],
];

const CHANGES: readonly (readonly string[])[] = [
  ["env", "use", "own"],
  ["limit", "painter", "--memory", "1GB"],
  ["uninstall", "painter", "--yes"],
  ["trash", "empty", "--yes"],
  ["config", "set", "painter", "GREETING=hello"],
  ["package", "install", "hello-server", "--yes"],
];

(mayMount ? test : test.skip)(
  "a home that cannot be written: everything can be looked at, and what would change it says so",
  async () => {
    await using home = testHome();
    writeAt(join(home.path, "api/painter/pinokio.js"), 'module.exports = { title: "Painter", menu: [] }');
    writeAt(join(home.path, "api/painter/ENVIRONMENT"), "GREETING=hi\n");
    makeVenv(join(home.path, "envs/tools"), ["one==1.0"]);
    await home.run("up");
    await home.run("down");
    writeAt(join(home.path, "library/installed.json"), "{ spoilt");
    mkdirSync(join(home.path, "trash/empty"), { recursive: true });
    expect(makeReadOnly(home.path)).toBe(true);
    try {
      const up = await home.run("up");
      expect([up.code, up.err]).toEqual([0, ""]);
      expect((await home.run("status", "--json")).json).toMatchObject({ mode: "read-only", running: true });
      for (const words of LOOKS) {
        const { code, out, err } = await home.run(...words);
        const isTold = words[0] === "list" || words[0] === "status";
        expect([words, code, err]).toEqual([
          words,
          0,
          isTold ? expect.stringMatching(/^warning: .*installed\.json/) : "",
        ]);
        expect(out).not.toMatch(/\n {4}at |undefined|EROFS/);
      }
      expect((await home.run("env", "list")).out).toMatch(/envs\/tools +Python 3.* 1 package /);
      const look = await home.run("update", "painter", "--look");
      expect(look.out).toMatch(/^Painter cannot be updated\. It .* nothing to fetch an update from$/m);
      for (const words of CHANGES) {
        const { code, err } = await home.run(...words);
        expect([words, code]).toEqual([words, 1]);
        expect(err).toMatch(/^error: .*can only be looked at/m);
        expect(err).not.toMatch(/\n {4}at /);
      }
      expect(readFileSync(join(home.path, "library/installed.json"), "utf8")).toBe("{ spoilt");
      expect(await home.run("down", "--json")).toMatchObject({ code: 0, json: { stopped: [] } });
      expect((await home.run("status")).out).toMatch(/^No sidecar runs for /);
    } finally {
      await home.run("down", "--sidecar-only");
      unmount(home.path);
    }
  },
);

test("a home that another machine uses: who looks at its apps here is told so", async () => {
  await using home = testHome();
  writeAt(join(home.path, "api/painter/pinokio.js"), 'module.exports = { title: "Painter", menu: [] }');
  const holder = { host: "attic", bootId: "another", pid: 1, startTime: "1", heartbeatAt: Date.now() + 30_000 };
  const text = JSON.stringify(holder);
  writeAt(join(home.path, "run/lock.json"), text);
  writeAt(join(home.path, "run/shared.json"), "{}");
  expect((await home.run("status")).out).toMatch(/^No sidecar runs here .*\. The machine attic is using this home$/m);
  const list = await home.run("list");
  expect([list.code, list.err]).toEqual([0, expect.stringMatching(/^warning: The machine attic is using this home/m)]);
  expect((await home.run("status")).out).toMatch(/read-only: The machine attic is using this home/);
  for (const command of ["stop", "logs"]) {
    const { code, err } = await home.run(command, "painter");
    expect([command, code, err]).toEqual([command, 1, expect.stringContaining("The machine attic is using this home")]);
  }
  expect((await home.run("down")).code).toBe(0);
  const left = ["lock", "shared"].map((name) => readFileSync(join(home.path, "run", `${name}.json`), "utf8"));
  expect(left).toEqual([text, expect.any(String)]); // the other machine's, and still there
}, 30_000);

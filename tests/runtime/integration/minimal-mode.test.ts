import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "@jest/globals";
import { findProgram } from "../../../src/runtime/base/find-program.js";
import { testHome } from "../../helpers/command-line.js";
import { writeAt } from "../../helpers/environments.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;
const OWN_TOOLS = new URL("../../../.venv/bin", import.meta.url).pathname;
const WITHOUT_LINKS = ["python3", join(PROGRAMS, "without-links.py")];
const uv = findProgram("uv", [OWN_TOOLS, process.env["PATH"]].join(delimiter));

const canRefuse = spawnSync("python3", [WITHOUT_LINKS[1] ?? "", "/"]).status === 0;

const SERVER = `
import http.server, pathlib, greeting
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write((greeting.TEXT + pathlib.Path("models/m.bin").read_text()).encode())
server = http.server.HTTPServer(("127.0.0.1", 0), Page)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
`;

/** Installs a package into an environment, one of Node, and shares a folder. */
function writeApp(folder: string, venv = "env"): void {
  const shell = (message: unknown, more = {}) => ({ method: "shell.run", params: { message, ...more } });
  writeAt(
    join(folder, "pinokio.js"),
    'module.exports = { title: "Greeter", menu: [{ text: "Install", href: "install.json" }, { text: "Start", href: "start.json" }] }',
  );
  writeAt(join(folder, "server.py"), SERVER);
  writeAt(join(folder, "tool", "package.json"), '{"name": "tool", "version": "1.0.0", "bin": {"toolx": "x.js"}}');
  writeAt(join(folder, "tool", "x.js"), "#!/usr/bin/env node\n");
  writeAt(join(folder, "package.json"), '{"dependencies": {"tool": "file:tool"}}');
  writeAt(
    join(folder, "install.json"),
    JSON.stringify({
      run: [
        shell(["uv pip install --no-index --find-links wheels greeting"], { venv }),
        shell("npm install --install-links --offline --no-audit --no-fund"),
        { method: "fs.link", params: { drive: { checkpoints: "models" } } },
      ],
    }),
  );
  writeAt(
    join(folder, "start.json"),
    JSON.stringify({
      daemon: true,
      run: [
        shell("python server.py", { venv, on: [{ event: "/http://[0-9.:]+/", done: true }] }),
        { method: "local.set", params: { url: "{{input.event[0]}}" } },
      ],
    }),
  );
  mkdirSync(join(folder, "wheels"));
  const wheel = spawnSync("python3", [
    join(PROGRAMS, "make-wheel.py"),
    join(folder, "wheels"),
    "greeting",
    "1.0",
    'TEXT = "hello "',
  ]);
  expect(wheel.status).toBe(0);
}

const linksBelow = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
    lstatSync(join(folder, name)).isSymbolicLink(),
  );

(canRefuse ? test : test.skip)(
  "on a disk without links an app is installed and started, nothing is shared, and it is said",
  async () => {
    await using home = testHome((path) => [...WITHOUT_LINKS, path]);
    const beside = (...parts: string[]) => join(home.path, "..", ...parts);
    mkdirSync(beside("tools"));
    if (uv !== null) symlinkSync(uv, beside("tools", "uv"));
    const run = (...args: string[]) =>
      home.runWith({ PATH: `${beside("tools")}:/usr/bin:/bin`, UV_OFFLINE: "1", TMPDIR: beside("runtime") }, ...args);
    writeApp(beside("greeter"));
    writeAt(beside("greeter", "models", "m.bin"), "world");

    await run("up");
    const status = (await run("status", "--json")).json;
    expect(status).toMatchObject({ mode: "minimal", modeReason: expect.stringMatching(/takes no links/) });
    expect((await run("status")).out).toMatch(/\(minimal: This home's disk takes no links/);

    const install = await run("install", beside("greeter"), "--yes");
    expect(install.code).toBe(0);
    const app = (...parts: string[]) => join(home.path, "api", "greeter", ...parts);
    expect(existsSync(app("env", "bin", "python"))).toBe(true);
    expect(existsSync(app("node_modules", "tool", "package.json"))).toBe(true);
    expect(readFileSync(app("models", "m.bin"), "utf8")).toBe("world");
    expect(linksBelow(home.path)).toEqual([]);

    const started = await run("run", "greeter", "start.json", "--json");
    expect(started.code).toBe(0);
    const { url } = JSON.parse((await run("list", "--json")).out)[0] as { url: string };
    expect(await (await fetch(url)).text()).toBe("hello world");
    expect((await run("env", "list", "greeter")).out).toMatch(/api\/greeter\/env +Python 3/);
    expect((await run("stop", "greeter")).code).toBe(0);
  },
);

/** Puts a disk in a file in place of a folder, all but so many MB of it taken without being written. */
const mountDisk = (path: string, image: string, freeMegabytes: number): boolean =>
  spawnSync("sh", ["-e", "-c", MOUNT, image, path, String(freeMegabytes)], { stdio: "pipe" }).status === 0;
const MOUNT = `
  truncate -s 4G "$0"; mkfs.ext4 -q -F -O ^has_journal -m 0 "$0"; mount -o loop "$0" "$1"
  free=$(($(stat -f -c '%a * %S' "$1"))); fallocate -l $((free - $2 * 1024 * 1024)) "$1/ballast"`;
const unmount = (path: string) => spawnSync("umount", ["-l", path]);

const mayMount = ((): boolean => {
  using folder = temporaryFolder();
  const disk = join(folder.path, "disk");
  mkdirSync(disk);
  const done = mountDisk(disk, join(folder.path, "disk.img"), 100);
  unmount(disk);
  return done;
})();

(mayMount ? test : test.skip)(
  "where space is short an app is installed and started too, and what was downloaded is not kept",
  async () => {
    await using home = testHome();
    const beside = (...parts: string[]) => join(home.path, "..", ...parts);
    expect(mountDisk(home.path, beside("disk.img"), 160)).toBe(true);
    mkdirSync(beside("tools"));
    if (uv !== null) symlinkSync(uv, beside("tools", "uv"));
    const run = (...args: string[]) =>
      home.runWith({ PATH: `${beside("tools")}:/usr/bin:/bin`, UV_OFFLINE: "1" }, ...args);
    try {
      writeApp(beside("greeter"), "../../envs/shared");
      writeAt(beside("greeter", "models", "m.bin"), "world");
      await run("up");
      expect((await run("status")).out).toMatch(/\(minimal: Little space is left/);

      expect((await run("install", beside("greeter"), "--yes")).code).toBe(0);
      expect(lstatSync(join(home.path, "api/greeter/models")).isSymbolicLink()).toBe(true);
      expect(existsSync(join(home.path, "cache/UV_CACHE_DIR/archive-v0"))).toBe(false);
      expect((await run("run", "greeter", "start.json")).code).toBe(0);
      const { url } = JSON.parse((await run("list", "--json")).out)[0] as { url: string };
      expect(await (await fetch(url)).text()).toBe("hello world");
      expect((await run("env", "list", "greeter")).out).toMatch(/envs\/shared +Python 3.* greeter/);

      rmSync(join(home.path, "ballast"));
      expect((await run("status", "--json")).json).toMatchObject({ mode: "full", modeReason: null });
    } finally {
      await run("down");
      unmount(home.path);
    }
  },
);

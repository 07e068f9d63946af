import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";

const git = (cwd: string, ...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
    cwd,
    encoding: "utf8",
  }).trim();
const shell = (message: string, on: object[] = []): object => ({ method: "shell.run", params: { message, on } });

let home: TestHome;
let origin: string;
const at = (...parts: string[]): string => join(home.path, "api/app", ...parts);

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(origin, name), text);
  git(origin, "add", "-A");
  git(origin, "commit", "-qm", `change ${Object.keys(files).join()}`);
}

beforeAll(async () => {
  home = testHome();
  origin = join(home.path, "../app");
  mkdirSync(origin);
  git(origin, "init", "-q", "-b", "main");
  write({
    "pinokio.js":
      "module.exports = { title: 'An app', menu: [{ text: 'Install', href: 'install.json' }, { text: 'Start', href: 'start.json', default: true }] }",
    "install.json": JSON.stringify({ run: [shell("mkdir -p env && touch env/pyvenv.cfg")] }),
    "start.json": JSON.stringify({
      daemon: true,
      run: [
        shell("mkdir -p out && echo picture > out/a.png; echo serving; sleep 600", [
          { event: "/serving/", done: true },
        ]),
      ],
    }),
    "config.txt": "a\nb\nc\n",
  });
  const { code, err, out } = await home.run("install", `file://${origin}`, "--yes");
  if (code !== 0 || !existsSync(at("env/pyvenv.cfg"))) throw new Error(`${err}${out}`);
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
});

async function killSidecar(): Promise<void> {
  const record = readSidecarRecord(join(home.path, "run/sidecar.json"));
  if (record === null) throw new Error("there is no sidecar");
  process.kill(record.pid, "SIGKILL");
  await until(
    () => startTimeOf(record.pid),
    (time) => time === null,
  );
}

test("an app that runs is stopped, uninstalled, and put back with its runs", async () => {
  await home.run("run", "app");
  await until(
    () => existsSync(at("out/a.png")),
    (isThere) => isThere,
  );
  expect((await home.run("uninstall", "app", "--look")).out).toContain("Your files");
  const refused = await home.run("uninstall", "app", "--json");
  expect(refused.code).not.toBe(0);
  expect(existsSync(at())).toBe(true);
  const { json, code } = await home.run("uninstall", "app", "--yes", "--json");
  expect(code).toBe(0);
  expect(existsSync(at())).toBe(false);
  await until(
    () => home.processes(),
    (left) => left.length <= 3, // the sidecar and its hosts; a look for what is new may be at work
  );
  expect(readFileSync(join(home.path, "kept/app/files/out/a.png"), "utf8")).toBe("picture\n");
  expect((await home.run("list", "--json")).json).toEqual([]);
  expect(readdirSync(join(home.path, "runs")).filter((name) => name.startsWith("run_"))).toEqual([]);
  const listed = await home.run("trash", "list");
  expect(listed.out).toMatch(/An app +uninstalled/);
  expect((await home.run("trash", "restore", json["entry"] as string)).code).toBe(0);
  expect(readFileSync(at("out/a.png"), "utf8")).toBe("picture\n");
  const apps = (await home.run("list", "--json")).json as unknown as { id: string; state: string }[];
  expect(apps).toMatchObject([{ id: "app", state: "installed" }]);
  expect((await home.run("logs", "app")).code).toBe(0);
});

test("an update asks for agreement to scripts that change, and goes on when the sidecar is killed", async () => {
  writeFileSync(at("config.txt"), "mine\nb\nc\n");
  const update = JSON.stringify({ run: [shell("echo updating > updating; sleep 3; echo updated > updated")] });
  write({ "update.json": update, "config.txt": "a\nb\nC\n" });
  const look = await home.run("update", "app", "--look");
  expect(look.out).toMatch(/1 new commit[^]*You have changed too: config\.txt[^]*update\.json[^]*echo updating/);
  expect((await home.run("update", "app", "--json")).code).not.toBe(0);
  const updating = home.run("update", "app", "--yes");
  await until(
    () => existsSync(at("updating")),
    (isThere) => isThere,
    30_000,
  );
  await killSidecar();
  const told = await updating;
  expect({ code: told.code, out: told.out }).toEqual({ code: 0, out: expect.stringContaining("Updated ") as unknown });
  expect(readdirSync(join(home.path, "library/changes")).filter((name) => !name.startsWith("."))).toEqual([]);
  expect(existsSync(at("updated"))).toBe(true);
  expect(git(at(), "rev-parse", "HEAD")).toBe(git(origin, "rev-parse", "HEAD"));
  expect(readFileSync(at("config.txt"), "utf8")).toBe("mine\nb\nC\n");
}, 90_000);

test("an app that takes more than it may is neither updated nor installed anew", async () => {
  write({ "config.txt": "a\nb\nCC\n" });
  writeFileSync(at("large.bin"), Buffer.alloc(20 * 1024 ** 2, "x"));
  expect((await home.run("limit", "app", "--disk", "16MB")).code).toBe(0);
  for (const command of ["update", "reset"]) {
    const refused = await home.run(command, "app", "--yes", "--json");
    expect({ command, ...refused }).not.toMatchObject({ code: 0 });
    expect(refused.json).toMatchObject({ error: { code: "disk-budget" } });
  }
  expect(existsSync(at("env/pyvenv.cfg"))).toBe(true);
  await home.run("limit", "app", "--clear");
  rmSync(at("large.bin"));
}, 60_000);

test("an update whose script fails is taken back, with all that it has changed", async () => {
  const before = git(at(), "rev-parse", "HEAD");
  const steps = [
    shell("rm -rf env out && echo other > updated"),
    { method: "fs.copy", params: { src: "nothing", dest: "x" } },
  ];
  write({ "update.json": JSON.stringify({ run: steps }) });
  const failed = await home.run("update", "app", "--yes");
  expect(failed).toMatchObject({ code: 1 });
  expect(failed.err).toContain("all is as it was before. How that had left files of yours is in the trash");
  expect(existsSync(at("env/pyvenv.cfg"))).toBe(true);
  expect(readFileSync(at("out/a.png"), "utf8")).toBe("picture\n");
  expect(readFileSync(at("updated"), "utf8")).toBe("updated\n");
  expect(git(at(), "rev-parse", "HEAD")).toBe(before);
  expect((await home.run("list", "--json")).json).toMatchObject([{ id: "app", status: "update" }]);
  const repair = await home.run("repair", "app");
  expect(repair.out).toContain("Update failed, all is as before. Update it again: pinokiocloud update app");
  expect(repair.out).not.toContain("--from-failed-step");
  const again = await home.run("again", "app");
  expect([again.code, again.err]).toEqual([1, expect.stringContaining("part of an update that failed")]);
  expect((await home.run("run", "app")).code).toBe(0);
  await home.run("stop", "app");
}, 60_000);

test("a reset app is installed anew from its commit", async () => {
  writeFileSync(at("env/made-later"), "");
  const { code, out } = await home.run("reset", "app", "--yes");
  expect(code).toBe(0);
  expect(out).toContain("trash restore");
  expect(existsSync(at("env/pyvenv.cfg"))).toBe(true);
  expect(readFileSync(at("out/a.png"), "utf8")).toBe("picture\n");
  const emptied = await home.run("trash", "empty", "--yes");
  expect(emptied.out).toContain("are free again");
}, 60_000);

test("what can be freed is shown, and what is chosen of it comes back", async () => {
  const content = Buffer.alloc(2 * 1024 ** 2, "model");
  for (const place of ["cache/PIP_CACHE_DIR/wheel", "drive/vae/x.safetensors", "api/app/out/x.safetensors"]) {
    mkdirSync(join(home.path, place, ".."), { recursive: true });
    writeFileSync(join(home.path, place), content);
    utimesSync(join(home.path, place), 1, 1);
  }
  writeFileSync(at("out/large.txt"), content);
  expect((await home.run("files", "app", "out/large.txt", "--trash")).code).toBe(0);
  const models = await home.run("models");
  expect(models.out).toMatch(/VAE: 2 MB[^]*Copies take 2 MB more/);
  const { json } = await home.run("free", "--json");
  const kinds = (json["items"] as { kind: string }[]).map(({ kind }) => kind);
  expect(kinds).toEqual(["cache", "duplicates", "trash"]);
  const { code, out } = await home.run("free", "duplicates", "trash", "--yes");
  expect([code, out]).toEqual([0, expect.stringMatching(/^Freed 4(?:\.\d)? MB$/m)]);
  expect(readFileSync(at("out/x.safetensors")).equals(content)).toBe(true);
  expect(existsSync(join(home.path, "cache/PIP_CACHE_DIR/wheel"))).toBe(true);
  const left = (await home.run("trash", "list", "--json")).json as unknown as { kind: string }[];
  expect(left.map(({ kind }) => kind)).toEqual(["kept"]);
}, 60_000);

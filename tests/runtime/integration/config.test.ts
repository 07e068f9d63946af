import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, test } from "@jest/globals";
import type { SidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import type { ConfigField, ConfigForm } from "../../../src/runtime/protocol/config.js";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import { BUNDLES, type TestHome, testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";

const DEMO = appIdOf("demo");

/** Tells how it was started, and goes on. */
const PROGRAM = `import argparse, os, time
parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--share", action="store_true")
parser.add_argument("--fast", action="store_true", help="Less exact")
args = parser.parse_args()
key = os.environ.get("DEMO_API_KEY", "none")
print("steps", args.steps, "share", args.share, "fast", args.fast, "size", os.environ.get("SIZE"), flush=True)
print("key", key, "letters", len(key), "of all", os.environ.get("SHARED_TOKEN"), os.environ.get("OTHER_TOKEN"), flush=True)
time.sleep(600)
`;

const FILES: Record<string, string> = {
  "pinokio.js": 'module.exports = { title: "Demo", menu: [{ text: "Start", href: "start.json" }] };\n',
  "start.json": JSON.stringify({
    daemon: true,
    run: [
      {
        method: "shell.run",
        params: { path: "app", message: "python3 -S app.py --share", on: [{ event: "/of all.+/", done: true }] },
      },
      { method: "log", params: { text: "{{envs.SHARED_TOKEN}}" } },
    ],
  }),
  _ENVIRONMENT: "# How large (from 1 to 9)\nSIZE=3\nDEMO_API_KEY=\n",
  "app/app.py": PROGRAM,
  "app/config.yaml": "# Settings\r\nmodel: small # one of: small, large\r\n",
};

function put(home: TestHome): void {
  for (const [path, text] of Object.entries(FILES)) {
    const file = join(home.path, "api/demo", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const given = (home: TestHome, input: string, ...args: string[]) =>
  execa(process.env["PINOKIOCLOUD_NODE"] ?? process.execPath, [join(BUNDLES, "cli.mjs"), ...args], {
    env: home.environment(),
    input,
    reject: false,
  });

const fieldOf = ({ sections }: ConfigForm, id: string): ConfigField | undefined =>
  sections.flatMap(({ fields }) => fields).find((field) => field.id === id);

const formOf = (client: SidecarClient): Promise<ConfigForm> => client.request("config.form", { app: DEMO });

test("settings are found, changed by several, used by runs, and secrets are used and never seen", async () => {
  await using home = testHome();
  put(home);
  const secret = "a-secret-that-is-long-enough";
  const one = await connectTo(home);
  const other = await connectTo(home);
  const heard: string[] = [];
  other.onEvent((event) => event.type === "config-changed" && heard.push(event.appId));

  const form = await formOf(one);
  expect(form.sections.map(({ id, problem }) => [id, problem])).toEqual([
    ["ENVIRONMENT", null],
    ["flags start.json", null],
    ["app/config.yaml", null],
  ]);
  const fast = "flags start.json#python3 -S app\\.py.--fast";
  expect(fieldOf(form, fast)).toMatchObject({ kind: "switch", value: false, help: "Less exact" });

  // Both see the same; who comes second is told.
  await one.request("config.set", { app: DEMO, changes: [{ field: "ENVIRONMENT#SIZE", value: 4, before: 3 }] });
  await until(
    () => heard,
    (events) => events.includes("demo"),
  );
  await expect(
    other.request("config.set", { app: DEMO, changes: [{ field: "ENVIRONMENT#SIZE", value: 5, before: 3 }] }),
  ).rejects.toMatchObject({ code: "file-changed" });
  expect(fieldOf(await formOf(other), "ENVIRONMENT#SIZE")).toMatchObject({
    value: 4,
    default: 3,
    changed: true,
    max: 9,
  });

  expect((await home.run("config", "set", "demo", "DEMO_API_KEY=x")).err).toContain("others can read a command line");
  expect(await given(home, secret, "config", "set", "demo", "DEMO_API_KEY")).toMatchObject({ exitCode: 0 });
  const shared = JSON.stringify({ SHARED_TOKEN: "shared-by-every-app", OTHER_TOKEN: "asked-for-by-none" });
  expect(await given(home, shared, "config", "secrets", "--take")).toMatchObject({ exitCode: 0 });
  expect((await home.run("config", "secrets", "--json")).json["secrets"]).toContainEqual({
    name: "DEMO_API_KEY",
    apps: ["demo"],
    setFor: ["demo"],
    isSet: true,
  });
  expect((await home.run("config", "set", "demo", "model=large", "fast=on", "steps=30")).out).toBe(
    "Changed model, --fast, --steps\n",
  );

  const begun = await home.run("script", "run", join(home.path, "api/demo/start.json"));
  expect(begun).toMatchObject({ code: 0 });
  const started = await home.run("logs", "demo");
  expect(started.out).toContain("$ python3 -S app.py --share --fast --steps 30");
  expect(started.out).toContain("steps 30 share True fast True size 4");
  expect(started.out).toContain(`key ${"*".repeat(secret.length)} letters ${secret.length} of all`);
  expect(started.out).toContain("None");
  expect(started.out).not.toMatch(/a-secret|shared-by|asked-for/);

  // What was changed since it was started is told, and used when it is started again.
  const applied = await one.request("config.set", {
    app: DEMO,
    changes: [{ field: "ENVIRONMENT#SIZE", value: 7 }],
    restart: true,
  });
  const [again] = applied.restarted;
  const run = await until(
    () => one.state?.runs.find(({ id }) => id === again),
    (found) => found?.state === "ready",
  );
  expect((await home.run("logs", run!.id)).out).toContain("size 7");
  expect((await formOf(one)).outdated).toEqual([]);

  for (const file of ["library/configuration/demo.json", `runs/${run!.id}/request.json`, "api/demo/ENVIRONMENT"]) {
    expect(readFileSync(join(home.path, file), "utf8")).not.toMatch(/a-secret|shared-by/);
  }
  expect(statSync(join(home.path, "secrets/apps/demo.json")).mode & 0o777).toBe(0o600);
  const everything = [await formOf(one), await one.request("config.history", { app: DEMO })];
  expect(JSON.stringify(everything)).not.toMatch(/a-secret|shared-by/);

  expect((await home.run("config", "undo", "demo")).out).toContain("Changed SIZE");
  await home.run("config", "preset", "save", "demo", "q");
  const file = join(home.path, "preset.json");
  const exported = await home.run("config", "preset", "export", "demo", "q", file, "--json");
  expect(exported.json).toEqual({ preset: "q", file });
  expect(readFileSync(join(home.path, "api/demo/app/config.yaml"), "utf8")).toBe(
    "# Settings\r\nmodel: large # one of: small, large\r\n",
  );
  one.close();
  other.close();
}, 60_000);

const mayMount =
  process.getuid?.() === 0 &&
  spawnSync("sh", ["-c", "d=$(mktemp -d) && mount -t tmpfs tmpfs $d && umount $d && rmdir $d"]).status === 0;

(mayMount ? test : test.skip)(
  "on a full disk nothing is half written; in a home to look at everything is read",
  async () => {
    await using home = testHome();
    spawnSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", home.path]);
    try {
      put(home);
      await home.run("config", "get", "demo");
      const before = readFileSync(join(home.path, "api/demo/ENVIRONMENT"), "utf8");
      const ballast = join(home.path, "ballast");
      const { bavail, bsize } = statfsSync(home.path);
      try {
        writeFileSync(ballast, Buffer.alloc(bavail * bsize));
      } catch {
        // as much as fitted
      }
      const full = await home.run("config", "set", "demo", "SIZE=8", "model=large", "--json");
      expect(full.json["error"]).toMatchObject({ code: "out-of-space" });
      expect(readFileSync(join(home.path, "api/demo/ENVIRONMENT"), "utf8")).toBe(before);
      expect(readFileSync(join(home.path, "api/demo/app/config.yaml"), "utf8")).toBe(FILES["app/config.yaml"]);
      rmSync(ballast);
      expect((await home.run("config", "set", "demo", "SIZE=8")).out).toBe("Changed SIZE\n");

      await home.run("down");
      spawnSync("mount", ["-o", "remount,ro", home.path]);
      expect((await home.run("config", "get", "demo")).out).toContain("SIZE");
      const refused = await home.run("config", "set", "demo", "SIZE=9", "--json");
      expect(refused.json["error"]).toMatchObject({ code: "home-read-only" });
    } finally {
      await home.run("down");
      spawnSync("umount", ["-l", home.path]);
    }
  },
  60_000,
);

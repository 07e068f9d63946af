import { linkSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { EnvironmentCache } from "../../../src/runtime/environments/environment-cache.js";
import { noteEnvironmentUser } from "../../../src/runtime/environments/environment-users.js";
import { KnownEnvironments } from "../../../src/runtime/environments/known-environments.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { makeConda, makeVenv, writeAt } from "../../helpers/environments.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";
import { until } from "../../helpers/test-runner.js";

function open(home: string, holds: Record<string, string[]> = {}) {
  let measured = 0;
  const cache = new EnvironmentCache({ file: join(home, "system", "environments.json"), isWritable: true });
  const known = new KnownEnvironments({
    home,
    cache,
    holds: (id) => holds[id] ?? [],
    onMeasured: () => void measured++,
  });
  return {
    list: (app?: string) => known.list(app === undefined ? undefined : AppId.parse(app)),
    show: (id: string) => known.show(id),
    measured: () =>
      until(
        () => measured,
        (count) => count > 0,
      ),
    [Symbol.dispose]: () => known.close(),
  };
}

test("environments are found wherever a home has them, with who uses them", async () => {
  using folder = temporaryFolder();
  const home = folder.path;
  makeVenv(join(home, "api", "painter", "env"));
  makeVenv(join(home, "api", "painter", "pinokio", "deep", ".venv"));
  makeConda(join(home, "api", "speaker", "conda"), ["python==3.11.2"]);
  makeConda(join(home, "bin", "miniforge"), ["python==3.10.20"]);
  makeConda(join(home, "bin", "miniforge", "envs", "tts"), ["python==3.12.1"]);
  makeVenv(join(home, "envs", "shared"));
  writeAt(join(home, "api", "web", "node_modules", "one", "package.json"), "{}");
  writeAt(join(home, "api", "web", "node_modules", "one", "node_modules", "two", "package.json"), "{}");
  symlinkSync("../../envs/shared", join(home, "api", "web", "env"));
  noteEnvironmentUser(home, "bin/miniforge/envs/tts", AppId.parse("speaker"));
  using known = open(home, { "envs/shared": ["lib-of-tools"] });
  const listed = await known.list();
  expect(listed.map(({ id, kind, app, users, holds }) => [id, kind, app, users, holds]).sort()).toEqual([
    ["api/painter/env", "venv", "painter", ["painter"], []],
    ["api/painter/pinokio/deep/.venv", "venv", "painter", ["painter"], []],
    ["api/speaker/conda", "conda", "speaker", ["speaker"], []],
    ["api/web/node_modules", "node", "web", ["web"], []],
    ["bin/miniforge", "conda", null, [], []],
    ["bin/miniforge/envs/tts", "conda", null, ["speaker"], []],
    ["envs/shared", "venv", null, ["web"], ["lib-of-tools"]],
  ]);
  expect((await known.list("web")).map(({ id }) => id)).toEqual(["api/web/node_modules", "envs/shared"]);
});

test("sizes come later, count shared files once, and are known to the next sidecar", async () => {
  using folder = temporaryFolder();
  const home = folder.path;
  const env = makeVenv(join(home, "api", "painter", "env"));
  const before = { bytes: 0 };
  {
    using known = open(home);
    expect((await known.list())[0]).toMatchObject({ bytes: null });
    await known.measured();
    before.bytes = (await known.list())[0]?.bytes ?? 0;
    expect(before.bytes).toBeGreaterThan(4_096);
  }
  const block = Buffer.alloc(40_960, 1);
  writeFileSync(join(home, "cached"), block);
  linkSync(join(home, "cached"), join(env, "lib", "once"));
  linkSync(join(home, "cached"), join(env, "lib", "twice"));
  mkdirSync(join(env, "bin", "new")); // what changes the stamp
  using known = open(home);
  const { bytes, sharedBytes } = await known.show("api/painter/env");
  expect(sharedBytes).toBe(40_960);
  expect((bytes ?? 0) - before.bytes).toBe(40_960 + 4_096);
});

test("what is known already is not looked up again, over the sidecar's end too", async () => {
  using folder = temporaryFolder();
  const home = folder.path;
  const env = makeVenv(join(home, "api", "painter", "env"), ["one==1.0"]);
  {
    using known = open(home);
    await known.show("api/painter/env");
  }
  const lib = join(env, "lib");
  const [python = ""] = readdirSync(lib).filter((name) => name.startsWith("python3"));
  rmSync(join(lib, python, "site-packages", "one-1.0.dist-info", "METADATA")); // the folder above is not changed
  using known = open(home);
  expect((await known.list())[0]).toMatchObject({ problems: [], bytes: expect.any(Number) });
});

test("an environment that is not there is named", async () => {
  using folder = temporaryFolder();
  using known = open(folder.path);
  await expect(known.show("../etc")).rejects.toMatchObject({ code: "environment-missing" });
  expect(await known.list()).toEqual([]);
});

test("a cache that somebody spoilt is found out again", async () => {
  using folder = temporaryFolder();
  makeVenv(join(folder.path, "envs", "tools"));
  writeAt(join(folder.path, "system", "environments.json"), "{ no");
  using known = open(folder.path);
  expect((await known.list()).map(({ id, problems }) => [id, problems])).toEqual([["envs/tools", []]]);
});

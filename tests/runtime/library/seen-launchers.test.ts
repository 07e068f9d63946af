import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { createAppViews } from "../../../src/runtime/library/app-views.js";
import { openInstalledStore } from "../../../src/runtime/library/installed-store.js";
import { createLibrary } from "../../../src/runtime/library/library.js";
import type { App } from "../../../src/runtime/protocol/apps.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const ONE = AppId.parse("one");

function testLibrary() {
  const folder = temporaryFolder();
  const api = join(folder.path, "api");
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(api, name)), { recursive: true });
    writeFileSync(join(api, name), text);
  };
  for (const app of ["one", "two"]) put(`${app}/pinokio.js`, "module.exports = {}");
  const evaluated: string[] = [];
  const world = { title: "Title", runs: [] as Run[], breaks: false };
  const library = createLibrary({
    api,
    userHome: folder.path,
    store: openInstalledStore(join(folder.path, "library/installed.json")),
    log: { file: "", write: () => undefined },
    world: {
      menu: (path) => {
        evaluated.push(path.slice(api.length + 1));
        if (world.breaks) return Promise.reject(new PinokioError("menu-failed", "pinokio.js threw: no"));
        return Promise.resolve({ title: world.title, description: "", iconFile: null, launcherRoot: "", menu: [] });
      },
      look: () =>
        Promise.resolve({ menu: null, description: { title: "", description: "", iconFile: null, scripts: [] } }),
      facts: () => Promise.resolve({ home: "", platform: "linux", arch: "x64", gpu: "none", scripts: {} }),
      runs: () => world.runs,
      startScript: () => Promise.reject(new Error("not here")),
      now: () => new Date(),
    },
  });
  /** Lists the apps, and says which launchers were evaluated for that. */
  const list = async () => {
    evaluated.length = 0;
    const apps = await library.list();
    return { titles: apps.map(({ title }) => title), evaluated: [...evaluated] };
  };
  return { api, put, world, library, list, evaluated, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("a launcher is evaluated once, and again when its files have changed", async () => {
  using home = testLibrary();
  expect((await home.list()).evaluated).toEqual(["one", "two"]);
  expect((await home.list()).evaluated).toEqual([]);

  home.world.title = "Another";
  home.put("one/pinokio.js", "module.exports = { title: 'Another' }");
  expect(await home.list()).toEqual({ titles: ["Another", "Title"], evaluated: ["one"] });
  home.put("two/helper.js", "1");
  expect((await home.list()).evaluated).toEqual(["two"]);
  home.put("two/app/env/pyvenv.cfg", "");
  expect((await home.list()).evaluated).toEqual(["two"]);
  rmSync(join(home.api, "two/app/env"), { recursive: true });
  expect((await home.list()).evaluated).toEqual(["two"]);
  expect((await home.list()).evaluated).toEqual([]);
});

test("what runs is shown at once, and told to the launcher that sees it", async () => {
  using home = testLibrary();
  await home.list();
  home.world.runs = [sampleRun({ appId: ONE, script: "one/start.json" })];
  expect((await home.list()).evaluated).toEqual(["one"]);
  expect(await home.library.get(ONE)).toMatchObject({ runs: ["run_000000000001"] });
  home.world.runs = [sampleRun({ appId: ONE, script: "one/start.json", outputBytes: 10 })];
  expect((await home.list()).evaluated).toEqual([]);
  home.world.runs = [sampleRun({ appId: ONE, script: "one/start.json", local: { url: "http://127.0.0.1:1" } })];
  expect((await home.list()).evaluated).toEqual(["one"]);
  expect((await home.library.get(ONE)).url).toBe("http://127.0.0.1:1");
});

test("an agreement lets the launcher be evaluated anew", async () => {
  using home = testLibrary();
  await home.list();
  const { fingerprint } = await home.library.inspect(join(home.api, "one"));
  await home.library.agree(ONE, fingerprint);
  expect((await home.list()).evaluated).toEqual(["one"]);
});

test("a launcher that throws says so, and is not asked again until it was changed", async () => {
  using home = testLibrary();
  home.world.breaks = true;
  await home.list();
  expect((await home.library.get(ONE)).problem?.message).toBe("pinokio.js threw: no");
  expect((await home.list()).evaluated).toEqual([]);
  home.world.breaks = false;
  home.put("one/pinokio.js", "module.exports = { works: 1 }");
  expect((await home.list()).evaluated).toEqual(["one"]);
  expect((await home.library.get(ONE)).problem).toBeNull();
});

test("an app whose folder was removed by hand is not in the list, and is said to be missing", async () => {
  using home = testLibrary();
  const { fingerprint } = await home.library.inspect(join(home.api, "one"));
  await home.library.agree(ONE, fingerprint);
  expect(home.library.missing()).toEqual([]);
  rmSync(join(home.api, "one"), { recursive: true });
  expect((await home.list()).titles).toHaveLength(1);
  expect(home.library.missing()).toMatchObject([{ appId: "one" }]);
  expect(() => home.library.forget(AppId.parse("two"))).toThrow("misses no app named two");
  home.library.forget(ONE);
  expect(home.library.missing()).toEqual([]);
});

test("everybody hears of what has changed since the last list, and of nothing else", async () => {
  using home = testLibrary();
  const told: string[] = [];
  const views = createAppViews({
    list: () => home.library.list(),
    get: (id, how) => home.library.get(id, how),
    lookedAt: (id) => home.library.lookedAt(id),
    onChanged: ({ id, title }: App) => void told.push(`${id} ${title}`),
    onRemoved: (id) => void told.push(`${id} gone`),
  });
  await views.all();
  await views.all();
  expect(told).toEqual(["one Title", "two Title"]);
  home.world.title = "Another";
  home.put("one/pinokio.js", "module.exports = { title: 'Another' }");
  rmSync(join(home.api, "two"), { recursive: true });
  await views.all();
  expect(told.slice(2).sort()).toEqual(["one Another", "two gone"]);
  views.close();
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { freeDisk } from "../../../../src/runtime/recovery/repairs/free-disk.js";
import { repairHome, type RepairHome } from "../../../helpers/repair-world.js";

let home: RepairHome;

beforeEach(() => {
  home = repairHome();
});

afterEach(() => home.remove());

const entry = (name: string, why: string): string => {
  home.write(`home/trash/${name}/trash.json`, JSON.stringify({ at: "t", from: home.home, why, app: "demo" }));
  return `home/trash/${name}/files/api/demo`;
};

test("environments of apps in the trash go, and nothing a person made", async () => {
  const uninstalled = entry("one", "uninstall");
  const removed = entry("two", "script");
  const environments = [
    home.write(`${uninstalled}/env/lib/x.py`),
    home.write(`${uninstalled}/node_modules/m/index.js`),
    home.write("home/cache/UV_CACHE_DIR/wheels/x"),
  ];
  const others = [
    home.write(`${uninstalled}/env/pyvenv.cfg`),
    home.write(`${uninstalled}/env/picture.png`),
    home.write(`${uninstalled}/out/picture.png`),
    home.write(`${removed}/env/pyvenv.cfg`),
    home.write(`${removed}/env/lib/x.py`),
    home.write("home/api/demo/env/pyvenv.cfg"),
    home.write("home/api/demo/env/lib/x.py"),
  ];
  const world = home.world();
  const preview = await freeDisk.preview({ bytes: null }, world);
  expect(preview.removes).toHaveLength(3);
  expect(await freeDisk.run({ bytes: null }, world)).toMatchObject({ done: true });
  expect(environments.filter(existsSync)).toEqual([]);
  expect(others.filter((path) => !existsSync(path))).toEqual([]);
  expect(readFileSync(join(home.home, "trash/one/trash.json"), "utf8")).toContain("reset it once it is put back");
});

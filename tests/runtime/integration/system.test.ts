import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import { testHome, until } from "../../helpers/command-line.js";
import { connectTo } from "../../helpers/connect-to.js";

test("settings, limits and first steps: changed once, held at once, heard by everybody", async () => {
  await using home = testHome();
  mkdirSync(join(home.path, "api", "demo"), { recursive: true });
  writeFileSync(join(home.path, "api", "demo", "pinokio.js"), 'module.exports = { title: "Demo", menu: [] };\n');
  writeFileSync(join(home.path, "settings.json"), '{ "note": "mine" }');
  await home.runWith({ COLAB_RELEASE_TAG: "x" }, "up");
  const one = await connectTo(home);
  const other = await connectTo(home);
  const heard: string[] = [];
  other.onEvent(({ type }) => void heard.push(type));

  const set = await home.run(
    "settings",
    "set",
    "stopGraceSeconds=3",
    "everyApp.memory=8 GB",
    "linkLocalApps=demo,other",
  );
  expect(set.out.split("\n").slice(0, 3)).toEqual([
    "stopGraceSeconds is 3",
    "everyApp.memory is 8 GB",
    "linkLocalApps is demo,other",
  ]);
  expect(JSON.parse(readFileSync(join(home.path, "settings.json"), "utf8"))).toEqual({
    note: "mine",
    stopGraceSeconds: 3,
    everyApp: { memory: "8 GB" },
    linkLocalApps: ["demo", "other"],
  });
  const demo = await one.request("apps.settings", { app: appIdOf("demo") });
  expect(demo.holds).toMatchObject({ stopGraceSeconds: 3, memoryBytes: 8 * 1024 ** 3 });
  const refused = await home.run("settings", "set", "idleMinuts=3", "--json");
  expect(refused.code).not.toBe(0);
  expect(refused.json["error"]).toMatchObject({ hint: expect.stringContaining("idleMinutes") });

  await home.run("limit", "demo", "--memory", "2GB");
  const limits = await one.request("limits.list", {});
  expect(limits).toMatchObject({ everyApp: { memory: "8 GB" }, apps: [{ app: "demo", settings: { memory: "2GB" } }] });
  expect(limits.machine.cores).toBeGreaterThan(0);
  expect((await home.run("limit")).out).toMatch(/every app +memory 8 GB\ndemo +memory 2GB/);

  const machine = (await home.run("machine")).out;
  expect(machine).toContain("Google Colab");
  expect(machine).toMatch(/^Not allowed: .*“connecting to remote proxies”/m);

  const before = other.state?.firstSteps;
  expect(before?.policy?.id).toMatch(/^colab/);
  await one.request("firstSteps.change", { isOver: true, policyRead: before?.policy?.id });
  await until(
    () => other.state?.firstSteps,
    (steps) => steps?.isOver === true && steps.policy === null,
  );
  expect(heard).toContain("settings-changed");
  expect(existsSync(join(home.path, "library", "first-steps.json"))).toBe(true);
  one.close();
  other.close();
});

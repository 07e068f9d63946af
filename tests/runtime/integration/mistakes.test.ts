import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { testHome, until } from "../../helpers/command-line.js";
import { runToEnd, startRunner } from "../../helpers/test-runner.js";

type Step = Record<string, unknown>;
const log = (raw: string): Step => ({ method: "log", params: { raw } });

describe("a mistake in a script", () => {
  test.each([
    ["start.js", "module.exports = {\n  run: [],\n  oops oops\n}\n", "start.js:3:8", "oops oops"],
    ["start.json", '{\n  "run": [\n    { "method": log }\n  ]\n}', "start.json:3:17", '{ "method": log }'],
  ])("in %s is told with file, line and column, and the line itself", async (scriptName, text, place, line) => {
    const { run, output } = await runToEnd(text, { scriptName });
    expect(run.end).toMatchObject({
      outcome: "failed",
      error: { code: "script-invalid", message: expect.stringContaining(place), hint: expect.stringContaining(line) },
    });
    expect(output).toContain(place);
    expect(output).toContain(line);
  });

  test("a parameter of the wrong type is told with its path and what belongs there", async () => {
    const { run } = await runToEnd({ run: [{ method: "fs.write", params: { path: 5, text: "x" } }] });
    expect(run.end?.error).toMatchObject({
      code: "script-invalid",
      message: expect.stringMatching(/fs\.write .*params\.path: .*expected string, received number/),
      context: { method: "fs.write", step: "0" },
    });
  });

  test("a template that has no value stays as it is, and is named", async () => {
    const { run, output } = await runToEnd({ run: [log("<{{local.nope}}>"), log("<{{nope.x}}>")] });
    expect(run.end?.outcome).toBe("finished");
    expect(output).toContain("<{{local.nope}}>");
    expect(run.warnings).toEqual([
      "Step 1: {{local.nope}} has no value here and stays as it is",
      "Step 2: {{nope.x}} has no value here and stays as it is",
    ]);
  });

  test("long words of a script are cut before everybody is told of them", async () => {
    const { run } = await runToEnd({
      run: [log(`{{local.nope /* ${"x".repeat(100_000)} */}}`), { method: "nope".repeat(50_000) }],
    });
    expect(run.warnings[0]?.length).toBeLessThanOrEqual(2_000);
    expect(run.end?.error?.message.length).toBeLessThanOrEqual(20_000);
  });
});

describe("a loop without an end is stopped at once", () => {
  test.each([
    ["of jumps", [{ id: "a", method: "jump", params: { id: "a" } }]],
    [
      "of steps that are skipped",
      [
        { id: "a", when: "{{false}}", method: "log" },
        { method: "jump", params: { index: 0 } },
      ],
    ],
    ["of steps that remember", [{ method: "local.set", params: { n: "{{(local.n || 0) + 1}}" }, next: 0 }]],
    ["of steps that fail and go on", [{ id: "a", method: "nope", on_error: "continue", next: "a" }]],
  ])("%s", async (_, run) => {
    await using runner = await startRunner({ run });
    const watcher = await runner.connect();
    await watcher.waitFor(({ state }) => state === "running");
    watcher.stop(60_000); // it does not take its whole time
    expect((await watcher.waitFor(({ state }) => state === "ended", 5_000)).end?.outcome).toBe("stopped");
  });
});

const mayMount =
  process.getuid?.() === 0 &&
  spawnSync("sh", ["-c", "d=$(mktemp -d) && mount -t tmpfs tmpfs $d && umount $d && rmdir $d"]).status === 0;

(mayMount ? test : test.skip)("a full disk: what could not be written is as it was, and the step says so", async () => {
  await using runner = await startRunner({
    run: [
      { method: "json.set", params: { "small/kept.json": { first: "value" } } },
      { method: "process.wait", params: { on: { resources: ["go"], window: 0, interval: 20 } } },
      { method: "json.set", params: { "small/kept.json": { big: "{{'x'.repeat(300000)}}" } }, on_error: "continue" },
      { method: "fs.write", params: { path: "told.json", json: "{{input}}" } },
      { method: "fs.append", params: { path: "small/log.txt", text: "{{'y'.repeat(300000)}}" } },
    ],
  });
  const small = join(runner.app, "small");
  mkdirSync(small, { recursive: true });
  await until(
    () => existsSync(join(small, "kept.json")),
    (isThere) => isThere,
  );
  const text = readFileSync(join(small, "kept.json"), "utf8");
  expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", small]).status).toBe(0);
  try {
    writeFileSync(join(small, "kept.json"), text);
    writeFileSync(join(small, "log.txt"), "old");
    expect(statfsSync(small).bavail).toBeGreaterThan(0);
    writeFileSync(join(runner.app, "go"), "");
    await runner.exited;
    expect(JSON.parse(readFileSync(join(runner.app, "told.json"), "utf8"))).toMatchObject({
      error: true,
      code: "out-of-space",
      hint: expect.stringContaining("space"),
    });
    expect(readFileSync(join(small, "kept.json"), "utf8")).toBe(text);
    expect(readFileSync(join(small, "log.txt"), "utf8")).toBe("old");
    expect(runner.record().run.end?.error?.code).toBe("out-of-space");
  } finally {
    spawnSync("umount", ["-l", small]);
  }
});

test("paths that lead out of their folder are refused, and nothing is there afterwards", async () => {
  const zip = `import zipfile
z = zipfile.ZipFile("evil.zip", "w"); z.writestr("ok.txt", "ok"); z.writestr("../../out.txt", "out"); z.close()`;
  await using runner = await startRunner({
    run: [
      { method: "shell.run", params: { message: { _: ["python3", "-c", zip] } } },
      { method: "fs.unzip", params: { src: "evil.zip", dest: "in" }, on_error: "continue" },
      { method: "fs.write", params: { path: "unzip.json", json: "{{input}}" } },
      { method: "fs.link", params: { drive: { models: "../../../out" } }, on_error: "continue" },
      { method: "fs.write", params: { path: "link.json", json: "{{input}}" } },
      { method: "fs.link", params: { drive: { "../../out": "models" } } },
    ],
  });
  await runner.exited;
  for (const name of ["unzip.json", "link.json"]) {
    expect(JSON.parse(readFileSync(join(runner.app, name), "utf8"))).toMatchObject({ error: true });
  }
  expect(runner.record().run.end?.error).toMatchObject({ code: "script-invalid" });
  for (const base of [runner.app, dirname(runner.app), runner.home, dirname(runner.home)]) {
    for (const name of ["out.txt", "out"]) expect(() => readFileSync(join(base, name))).toThrow(/ENOENT/);
  }
});

test("addresses behind which clouds keep secrets are refused, unless a person has named the app", async () => {
  await using home = testHome();
  writeFileSync(join(home.path, "settings.json"), JSON.stringify({ linkLocalApps: ["trusted"] }));
  const run = [
    { method: "net", params: { url: "http://[fe80::1]/secret", timeout: 500 }, on_error: "continue" },
    { method: "fs.write", params: { path: "told.txt", text: "{{input.message}}" } },
  ];
  const told: Record<string, string> = {};
  for (const app of ["trusted", "other"]) {
    const folder = join(home.path, "api", app);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "start.json"), JSON.stringify({ run }));
    expect((await home.run("script", "run", join(folder, "start.json"))).code).toBe(0);
    told[app] = readFileSync(join(folder, "told.txt"), "utf8");
  }
  expect(told["other"]).toContain("is refused");
  expect(told["trusted"]).toContain("http://[fe80::1]/secret");
  expect(told["trusted"]).not.toContain("is refused");
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { testHome, type TestHome } from "../../helpers/command-line.js";

function script(home: TestHome, ...messages: string[]): string {
  const folder = join(home.path, "api", "demo");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "start.json");
  const run = messages.map((message) => ({ method: "shell.run", params: { message } }));
  writeFileSync(file, JSON.stringify({ run }));
  return file;
}

test("a failed run says its first cause, what to do, and where the output shows it", async () => {
  await using home = testHome();
  const file = script(
    home,
    "echo all is well",
    `python3 -c "open('/dev/full', 'w').write('x' * 100000)"; echo Error: it failed`,
  );
  const { json, code } = await home.run("script", "run", file, "--json");
  expect(code).toBe(1);
  expect(json["failure"]).toMatchObject({
    code: "no-space",
    sentence: expect.stringContaining("There is no space left"),
    hint: expect.stringContaining("Free some space"),
    line: { text: "OSError: [Errno 28] No space left on device", offset: expect.any(Number) },
    repairs: expect.arrayContaining([expect.objectContaining({ kind: "free-disk" })]),
  });

  const { err } = await home.run("script", "run", file);
  expect(err).toMatch(/cause: There is no space left.*\nhint: Free some space/);
});

test("the failed step's output is looked at, not what earlier steps got over", async () => {
  await using home = testHome();
  const file = script(
    home,
    "echo 'cp: writing x: No space left on device'",
    `python3 -c "import package_that_is_not_here"; echo Error: it failed`,
  );
  const { json } = await home.run("script", "run", file, "--json");
  expect(json["failure"]).toMatchObject({
    code: "module-missing",
    sentence: expect.stringContaining("package_that_is_not_here"),
  });
});

test("an error whose line comes in pieces is read to its end", async () => {
  await using home = testHome();
  const file = script(
    home,
    `printf 'ModuleNotFoundError: '; sleep 0.4; echo "No module named 'slow_package'"; sleep 5`,
  );
  const { json } = await home.run("script", "run", file, "--json");
  expect(json["failure"]).toMatchObject({
    code: "module-missing",
    sentence: expect.stringContaining("slow_package"),
  });
});

test("a run that ends well has no failure", async () => {
  await using home = testHome();
  const { json, code } = await home.run("script", "run", script(home, "echo no such word"), "--json");
  expect(code).toBe(0);
  expect(json).not.toHaveProperty("failure");
});

test("an installation that fails says why", async () => {
  await using home = testHome();
  const app = join(home.path, "source");
  mkdirSync(app);
  writeFileSync(join(app, "pinokio.js"), 'module.exports = { title: "Demo", menu: [] };\n');
  const message = `python3 -c "import package_that_is_not_here"; echo Error: it failed`;
  writeFileSync(join(app, "install.json"), JSON.stringify({ run: [{ method: "shell.run", params: { message } }] }));
  const { err, code } = await home.run("install", app, "--yes");
  expect(code).toBe(1);
  expect(err).toContain("cause: The Python package package_that_is_not_here is not installed\n");
});

test("a script that fails of one that it has started says the cause of that, wherever it is asked", async () => {
  await using home = testHome();
  const folder = join(home.path, "api", "demo");
  const shell = (message: string) => ({ method: "shell.run", params: { message } });
  const start = (uri: string, more = {}) => ({ method: "script.start", params: { uri }, ...more });
  const noModule = shell(`python3 -c "import package_that_is_not_here"; echo Error: it failed`);
  const noSpace = shell("echo 'cp: writing x: No space left on device'; echo Error: it failed");
  const scripts = {
    deep: [noModule],
    middle: [start("deep.json", { on_error: "stop" })],
    passes: [start("middle.json", { on_error: "stop" })],
    goesOn: [start("deep.json"), { method: "json.get", params: 5 }],
    failsItself: [start("deep.json"), noSpace],
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, run] of Object.entries(scripts)) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ run }));
  }
  const failureOf = async (name: string) =>
    (await home.run("script", "run", join(folder, `${name}.json`), "--json")).json["failure"];

  const ofDeep = { code: "module-missing", part: { script: "demo/deep.json", runId: expect.stringMatching(/^run_/) } };
  expect(await failureOf("passes")).toMatchObject({ ...ofDeep, line: { offset: expect.any(Number) } });
  expect((await home.run("script", "run", join(folder, "passes.json"))).err).toMatch(
    /cause: .*package_that_is_not_here.*\nin: demo\/deep\.json\nhint: /,
  );
  expect((await home.run("repair", "demo/passes.json")).out).toContain("package_that_is_not_here");
  expect(await failureOf("goesOn")).toMatchObject(ofDeep);
  const itsOwn = await failureOf("failsItself");
  expect(itsOwn).toMatchObject({ code: "no-space" });
  expect(itsOwn).not.toHaveProperty("part");
});

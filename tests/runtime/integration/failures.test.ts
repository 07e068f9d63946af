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

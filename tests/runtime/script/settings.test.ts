import { expect, test } from "@jest/globals";
import { LauncherSettings } from "../../../src/runtime/protocol/launcher.js";
import { kernelFacts } from "../../../src/runtime/script/launcher.js";
import { settingsOfApp } from "../../../src/runtime/script/settings.js";
import { app, type TestApp } from "../../helpers/test-app.js";

const settingsOf = async ({ path, facts }: TestApp) =>
  LauncherSettings.parse(await settingsOfApp(path, kernelFacts(facts, path, { mayListen: false }))).scripts;

test("what scripts ask for and keep, the choices they switch between, and what they ask each time", async () => {
  using paint = app({
    "start.js": `module.exports = async (kernel) => ({
      env: [{ key: "OLD" }],
      pre: [{ env: "MY_KEY", title: "<b>Your key</b>", description: "From their page", default: "{{port}}" }, {}, null],
      run: [
        { method: "input", params: { form: [
          { key: "size", title: "Size", default: 3, items: [{ text: "Small", value: 1 }, 2] },
          { key: "name", title: "Name" }, { key: "prompt", title: "Prompt" }] } },
        null,
        { method: "env.set", params: { SIZE: "{{input.size}}", OTHER: "x {{input.name}}" } },
        { method: "json.set", params: { "app/config.json": { "a.b": "{{ input.name }}" }, "/etc/x.json": { y: "{{input.name}}" } } },
        { method: "env.switch", params: { MODE: ["a", "b"], WRONG: 1 } },
        { method: "shell.run", params: { path: "app", message: ["python a.py --x {{port}}", "", null, { _: ["b"] }] } },
        { method: "shell.run", params: { path: "{{args.path}}", message: "python b.py" } },
        { method: "shell.run", params: { path: "../../other", message: "python c.py" } },
        { method: "shell.run", params: { message: "{{gpu === 'amd' ? 'python d.py --x' : \\"python d.py\\"}}" } },
      ],
    })`,
  });
  const [script] = await settingsOf(paint);
  expect(
    script?.asks.map(({ file, path, title, default: usual, choices }) => [
      file,
      path.join("."),
      title,
      usual,
      choices.length,
    ]),
  ).toEqual([
    [null, "MY_KEY", "Your key", null, 0],
    [null, "MODE", "", null, 2],
    [null, "SIZE", "Size", 3, 2],
    ["app/config.json", "a.b", "Name", null, 0],
  ]);
  expect(script?.questions).toEqual(["Prompt"]);
  expect(script?.commands).toEqual([
    { line: "python a.py --x {{port}}", folder: "app" },
    { line: "python b.py", folder: null },
    { line: "python c.py", folder: null },
    { line: "python d.py --x", folder: "." },
    { line: "python d.py", folder: "." },
  ]);
});

test("a script that cannot be looked at says why, and what is none is left out", async () => {
  using paint = app({
    "bad.js": "module.exports = {",
    "made.js": "module.exports = { run: () => [] }",
    "data.json": '{"a": 1}',
    "start.json": '{"run": [{"method": "shell.run", "params": {"message": "python x.py"}}]}',
  });
  const scripts = await settingsOf(paint);
  expect(scripts.map(({ path, problem }) => [path, problem === null])).toEqual([
    ["bad.js", false],
    ["made.js", false],
    ["start.json", true],
  ]);
});

test("however much an app's scripts say, the answer has an end", async () => {
  const words = "x".repeat(3_000);
  const commands = JSON.stringify({ run: Array(100).fill({ method: "shell.run", params: { message: words } }) });
  using paint = app(Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`s${at}.json`, commands])));
  const scripts = await settingsOf(paint);
  expect(scripts.length).toBeLessThan(60);
  expect(JSON.stringify(scripts).length).toBeLessThan(700 * 1024);
});

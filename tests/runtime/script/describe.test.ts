import { expect, test } from "@jest/globals";
import { describeApp } from "../../../src/runtime/script/describe.js";
import { kernelFacts } from "../../../src/runtime/script/launcher.js";
import { app } from "../../helpers/test-app.js";

const runs = (message: string): string => JSON.stringify({ run: [{ method: "shell.run", params: { message } }] });
const starts = (...uris: string[]): string =>
  JSON.stringify({ run: uris.map((uri) => ({ method: "script.start", params: { uri } })) });

async function described(files: Record<string, string>, options: Parameters<typeof describeApp>[2] = {}) {
  using made = app(files);
  const { scripts } = await describeApp(made.path, kernelFacts(made.facts, made.path, { mayListen: false }), options);
  return Object.fromEntries(scripts.map(({ path, commands, problem }) => [path, problem ?? commands.join(";")]));
}

test("programs are listed and not loaded", async () => {
  const program = 'globalThis.wasLoaded = true; require("fs").mkdirSync("x")';
  const program_ = "It is a program, which is not looked into";
  expect(
    await described({ "fix.js": program, "start.json": starts("fix.js", "tools/serve.py"), "tools/serve.py": "" }),
  ).toEqual({ "fix.js": program_, "start.json": "", "tools/serve.py": program_ });
  expect(globalThis).not.toHaveProperty("wasLoaded");
});

test("helpers that export functions, menus or classes for steps are no scripts", async () => {
  expect(
    await described({
      "menu.js": "module.exports = (kernel, info) => info.exists('x') ? [] : [{ text: 'a', href: 'more/b.json' }]",
      "more/b.json": runs("b"),
      "index.js": "module.exports = class { async run(req, ondata, kernel) {} }",
      "made.js": "module.exports = { run: (kernel) => [] }",
      "class.js":
        "module.exports = class { constructor() { this.run = [{ method: 'exec', params: { message: 'c' } }] } }",
      "late.js": "module.exports = class { async run(kernel, info) {} }",
    }),
  ).toEqual({
    "class.js": "c",
    "late.js": "Its steps are made only when it runs",
    "made.js": "Its steps are made only when it runs",
    "more/b.json": "b",
  });
});

test("a script may ask for a port where nobody may look for one", async () => {
  const asks = `module.exports = async (kernel) => {
    const ports = [await kernel.port(), await kernel.port(80), ...(await kernel.ports(2))];
    return { run: [{ method: "exec", params: { message: ports.join() } }] };
  }`;
  expect(await described({ "start.js": asks })).toEqual({ "start.js": "42003,true,42003,42004" });
});

test("scripts in folders are found through the menu, in whatever state, and through those that start them", async () => {
  const launcher = `module.exports = { menu: (kernel, info) => info.running("x")
    ? [{ text: "A", href: "get/a model.json?run=true" }, { text: "B", href: './get/b.js#L1' }, { href: "gone/c.json" }]
    : [{ text: "D", href: \`get/\${info.path("x")}.json\` }] }`;
  const files = {
    "pinokio.js": launcher,
    "get/a model.json": starts("deeper/e.json", "../start.json", "../../outside.json", "{{args.uri}}"),
    "get/b.js": `module.exports = ${runs("b")}`,
    "get/computed.json": runs("computed"),
    "get/deeper/e.json": starts("e.json", "f.json?x=1"),
    "get/deeper/f.json": runs("f"),
    "other/never.json": runs("never"),
    "start.json": runs("start"),
  };
  const found = {
    "start.json": "start",
    "get/a model.json": "",
    "get/b.js": "b",
    "get/deeper/e.json": "",
    "get/deeper/f.json": "f",
  };
  expect(await described(files)).toEqual(found);
  const offered = { scripts: ["get/computed.json", "gone.json"] };
  expect(await described(files, offered)).toEqual({ ...found, "get/computed.json": "computed" });
  expect(await described(files, { codeProblem: "It hangs" })).toEqual({
    ...found,
    "pinokio.js": "It hangs",
    "get/b.js": "It hangs",
  });
});

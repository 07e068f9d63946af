import { expect, test } from "@jest/globals";
import { commandsOf } from "../../../src/runtime/script/written-commands.js";

const shell = (message: unknown, method = "shell.run"): unknown => ({ method, params: { message } });

test.each<[string, unknown, string[]]>([
  ["a command", shell("pip install x"), ["pip install x"]],
  ["a list, one line each, without empty ones", shell(["a", "", ["b", " "]]), ["a", "b"]],
  [
    "parts, in the order they are written",
    shell({ _: ["python", "x.py"], "--port": 5, v: [1, 2] }),
    ["python x.py --port 5 --v 1 2"],
  ],
  ["another program of the machine", shell("ls", "exec"), ["ls"]],
  ["what is typed into a shell", shell("yes", "shell.write"), ["yes"]],
  ["both of a step that names two", { method: "shell.run", params: { message: "a", script: "b" } }, ["a", "b"]],
  [
    "a download from Hugging Face",
    { method: "hf.download", params: { _: ["o/r"], revision: "main", path: "x", env: {} } },
    ["hf download o/r --revision main"],
  ],
  ["code in the script", { method: () => 1 }, ["(code of the script)"]],
  ["code beside it", { method: "go", uri: "./lib.js" }, ["(code of ./lib.js)"]],
  ["a removal", { method: "fs.rm", params: { path: "app/env" } }, ["(fs.rm app/env)"]],
  [
    "a download of a file",
    { method: "fs.download", params: { url: ["https://a/x", "https://a/y"], dir: "models" } },
    ["(fs.download https://a/x https://a/y models)"],
  ],
  [
    "links to what apps share",
    { method: "fs.link", params: { drive: { loras: "app/loras", vae: ["app/vae"] } } },
    ["(fs.link app/loras app/vae)"],
  ],
  [
    "variables that are set, without their values",
    { method: "env.set", params: { A_TOKEN: "x" } },
    ["(env.set A_TOKEN)"],
  ],
  [
    "a script from elsewhere",
    { method: "script.start", params: { uri: "https://a/b.git" } },
    ["(script.start https://a/b.git)"],
  ],
  ["something that says nothing of itself", { method: "fs.rm", params: {} }, ["(fs.rm)"]],
  ["a function of the kernel", { method: "kernel.bin.install" }, ["(kernel.bin.install)"]],
])("of a step that runs %s that is told", (_, step, expected) => {
  expect(commandsOf(step)).toEqual(expected);
});

const own = { method: "script.start", params: { uri: "torch.js" } };

test.each([
  null,
  "words",
  {},
  own,
  { method: 5 },
  { method: "log", params: { message: "rm -rf /" } },
  shell({}),
  shell(7),
])("%j runs nothing", (step) => {
  expect(commandsOf(step)).toEqual([]);
});

import { expect, test } from "@jest/globals";
import { MadeFiles } from "../../../src/runtime/check/made-files.js";

test.each<[string, Record<string, unknown>, string, boolean]>([
  ["shell.run", { message: "git clone https://host/x.git app" }, "app/start.js", true],
  ["shell.run", { message: "git clone --depth 1 -b main https://host/x.git" }, "x/start.js", true],
  ["shell.run", { message: "git clone https://host/x.git y", path: "app" }, "app/y/start.js", true],
  ["shell.run", { message: "python make.py > made.json" }, "made.json", true],
  ["shell.run", { message: "echo", venv: "env" }, "env/bin/python", true],
  ["fs.download", { url: "http://host/x", dir: "models" }, "models/x", true],
  ["self.set", { "session.json": { url: "" } }, "session.json", true],
  ["set", { self: { "db.json": { who: 1 } } }, "db.json", true],
  ["fs.link", { drive: { checkpoints: "app/models" } }, "app/models/x", true],
  ["fs.rm", { path: "app" }, "app/start.js", false],
  ["shell.run", { message: "git clone https://host/x.git app" }, "torch.js", false],
  ["shell.run", { message: "python torch.json" }, "torch.js", false],
])("%s %j may make %s: %s", (method, params, path, expected) => {
  const made = new MadeFiles();
  made.add(".", { method, params });
  expect(made.mayMake(path)).toBe(expected);
});

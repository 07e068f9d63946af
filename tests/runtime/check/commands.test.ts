import { describe, expect, test } from "@jest/globals";
import { commandsIn, foreignPlatform, foreignWheel, linesOf } from "../../../src/runtime/check/commands.js";
import { LINUX, WINDOWS } from "../../helpers/plain-app.js";

describe("a command line's programs", () => {
  test.each<[string, string[]]>([
    ["git clone https://host/x && cd x; python app.py | tee log", ["git", "cd", "python", "tee"]],
    ["echo 'a && b' && echo \"c; d\"", ["echo", "echo"]],
    ["FOO=1 BAR=2 nohup python app.py &", ["python"]],
    ["sudo -n apt-get install x", ["apt-get"]],
    ['"my program" --x', ["my program"]],
    ["python app.py 2>&1", ["python"]],
    ["# nothing\nls", ["ls"]],
    ["", []],
  ])("%s", (line, programs) => expect(commandsIn(line).map(({ program }) => program)).toEqual(programs));

  test("what runs only when the one before failed is told apart", () => {
    expect(commandsIn("a || b && c; d").map(({ isFallback }) => isFallback)).toEqual([false, true, true, false]);
  });
});

describe("a program of another platform", () => {
  test.each([
    ["run.bat", "win32"],
    ["python.exe -m x", "win32"],
    ["powershell -c x", "win32"],
    ["env\\Scripts\\activate", "win32"],
    ['start "" http://127.0.0.1', "win32"],
    ["brew install x", "darwin"],
    ["apt-get install x", null],
    ["python app.py", null],
    ["start.sh", null],
  ])("%s", (line, platform) => {
    const [command] = commandsIn(line);
    expect(command && foreignPlatform(command, LINUX)).toBe(platform);
  });
});

test("a package file that is made for another platform", () => {
  const line = "pip install https://host/x-1.0-cp310-cp310-win_amd64.whl";
  expect(foreignWheel(line, LINUX)).toEqual({ file: "x-1.0-cp310-cp310-win_amd64.whl", platform: "win32" });
  expect(foreignWheel(line, WINDOWS)).toBeNull();
  expect(foreignWheel("pip install x-1.0-cp310-cp310-manylinux2014_x86_64.whl", LINUX)).toBeNull();
});

test.each<[string, unknown, string[]]>([
  ["shell.run", { message: ["a", null, { _: ["pip", "install", "x"], upgrade: true }] }, ["a", "pip install x"]],
  ["shell.run", { script: "b", message: "title" }, ["b"]],
  ["hf.download", { _: ["owner/name"], path: "app" }, ["hf download owner/name"]],
  ["log", { message: "a" }, []],
])("lines of %s", (method, params, lines) => expect(linesOf(method, params)).toEqual(lines));

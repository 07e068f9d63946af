import { expect, test } from "@jest/globals";
import { commandsIn, programOf } from "../../../src/runtime/base/command-words.js";
import { type OwnFlag, withOwnArguments } from "../../../src/runtime/base/own-arguments.js";

const change = (line: string, program: string, ...flags: OwnFlag[]): string =>
  withOwnArguments(line, [{ program: program.split(" "), flags }]);

const port: OwnFlag = { flag: "--port", value: "80" };
const share: OwnFlag = { flag: "--share", value: true };
const noShare: OwnFlag = { flag: "--share", value: null, alone: true };

test.each([
  ["python app.py", "python app.py --port 80 --share"],
  ["python app.py --port 7860 x", "python app.py --port 80 x --share"],
  ["python app.py --port=7860", "python app.py --port 80 --share"],
  ["A=1 python app.py --share > log 2>&1", "A=1 python app.py --share --port 80 > log 2>&1"],
  ["cd app && python app.py --share; echo done", "cd app && python app.py --share --port 80; echo done"],
  ["python app.py --port 1 --port '2 3'", "python app.py --port 80 --share"],
  ["python app.py # as usual", "python app.py --port 80 --share # as usual"],
  ["python other.py", "python other.py"],
  ["python app.py $(cat args)", "python app.py $(cat args)"],
  ["(python app.py)", "(python app.py)"],
  ["python app.py <<EOF\nx\nEOF", "python app.py <<EOF\nx\nEOF"],
  ["python app.py 'never ends", "python app.py 'never ends"],
])("%s", (line, expected) => {
  expect(change(line, "python app.py", port, share)).toBe(expected);
});

test("a flag is left out, with its value only where it has one", () => {
  expect(change("python app.py --share in.png", "python app.py", noShare)).toBe("python app.py in.png");
  expect(change("python app.py --port 1 in.png", "python app.py", { flag: "--port", value: null })).toBe(
    "python app.py in.png",
  );
  expect(change("python app.py", "python app.py", noShare)).toBe("python app.py");
});

test("a value cannot say more than a value", () => {
  const evil = `x'; rm -rf "$HOME" #`;
  expect(change("python app.py", "python app.py", { flag: "--name", value: evil })).toBe(
    `python app.py --name 'x'\\''; rm -rf "$HOME" #'`,
  );
});

test("a flag of several words takes them all, and each stays a word", () => {
  const memory: OwnFlag = { flag: "--gpu-memory", value: "10 5;x", many: true };
  expect(change("python a.py --gpu-memory 1 2 3 --share", "python a.py", memory)).toBe(
    "python a.py --gpu-memory 10 '5;x' --share",
  );
  expect(change("python a.py --gpu-memory 1 2", "python a.py", { ...memory, value: null })).toBe("python a.py");
});

test("npm hands over only what stands behind two dashes", () => {
  expect(change("npm run dev", "npm run dev", port)).toBe("npm run dev -- --port 80");
  expect(change("npm run dev -- --host", "npm run dev", port)).toBe("npm run dev -- --host --port 80");
});

test("a word that is known only when the script runs stands for any", () => {
  expect(change("python server-2.py", "python {{args.file}}.py", port)).toBe("python server-2.py --port 80");
  expect(change("python server.js", "python {{args.file}}.py", port)).toBe("python server.js");
});

test("words that only the script knows do not tell programs apart", () => {
  const { program } = programOf(
    commandsIn("python main.py {{gpu === 'amd' ? '--cpu' : ''}} --port {{port}}")?.[0] ?? [],
  );
  expect(program).toEqual(["python", "main.py", "{{*}}"]);
  const own = (line: string): string => withOwnArguments(line, [{ program, flags: [port] }]);
  expect(own("python main.py --port 1")).toBe("python main.py --port 80");
  expect(own("python main.py serve --cpu")).toBe("python main.py serve --cpu --port 80");
  expect(own("python other.py")).toBe("python other.py");
});

test.each([
  ["python -u -m app.server run --x 1", "python -m is part of it", ["python", "-u", "-m", "app.server", "run"]],
  ["A=1 B=2 ./run.sh --x", "variables are not", ["./run.sh"]],
  ["accelerate launch --cpu train.py", "up to the first flag", ["accelerate", "launch"]],
  ["A=1", "nothing is started", []],
])("%s: %s", (line, _, program) => {
  expect(programOf(commandsIn(line)?.[0] ?? []).program).toEqual(program);
});

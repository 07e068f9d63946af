import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parseEnv, readEnvFile, readEnvText, setInEnvText } from "../../../src/runtime/base/env-file.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test.each([
  ["A=1", { A: "1" }],
  ["export A=1", { A: "1" }],
  ["A: 1", { A: "1" }],
  ["  A =  b c  ", { A: "b c" }],
  ["# comment\nA=1 # rest\n#B=2", { A: "1" }],
  ["A='x # y'\nB=\"l1\\nl2\"\nC=`it's`", { A: "x # y", B: "l1\nl2", C: "it's" }],
  ["A='l1\\nl2'", { A: "l1\\nl2" }],
  ['A="two\nlines"', { A: "two\nlines" }],
  ["A=\r\nB=2\r\n", { A: "", B: "2" }],
  ["A=$B ${C}", { A: "$B ${C}" }],
  ["a.b-c=1", { "a.b-c": "1" }],
  ["no line", {}],
  ["A=1\nA=2", { A: "2" }],
])("%j says %j", (text, values) => {
  expect(parseEnv(text)).toEqual(values);
});

test("empty values say nothing and ./ is made absolute", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "ENVIRONMENT");
  writeFileSync(file, "A=\nB=./x/y\nC=../z\nD=.hidden\n");
  expect(readEnvFile(file, "/app")).toEqual({ B: "/app/x/y", C: "../z", D: ".hidden" });
  expect(readEnvFile(join(folder.path, "none"), "/app")).toEqual({});
  expect(readEnvText(join(folder.path, "none"))).toBeNull();
});

test("UTF-16 is read too", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "ENVIRONMENT");
  writeFileSync(file, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("A=é\n", "utf16le")]));
  expect(readEnvFile(file, "/app")).toEqual({ A: "é" });
});

test.each([
  ["", { A: "1" }, "A=1\n"],
  ["# top\nA=old # note\n\nB=2\n", { A: "new" }, "# top\nA=new\n\nB=2\n"],
  ["A=1", { B: "2" }, "A=1\nB=2\n"],
  ["A=1\nA=2\n", { A: "3" }, "A=1\nA=3\n"],
  ["AB=1\n", { B: "2" }, "AB=1\nB=2\n"],
  ["#A=1\n", { A: "2" }, "#A=1\nA=2\n"],
])("%j with %j becomes %j", (text, values, expected) => {
  expect(setInEnvText(text, values as Record<string, string>)).toBe(expected);
});

test.each(["plain", "a b", " lead", "has # mark", "it's", '"q"', "two\nlines", "$HOME", "a=b", "", "`'#"])(
  "%j comes back as it was set",
  (value) => {
    expect(parseEnv(setInEnvText("X=1\nA=0\nY=2\n", { A: value }))).toEqual({ X: "1", A: value, Y: "2" });
  },
);

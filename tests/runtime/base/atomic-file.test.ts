import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { readState, writeFileAtomic, writeJsonAtomic } from "../../../src/runtime/base/atomic-file.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const Schema = z.object({ count: z.number() });

test("what was written is read, and no temporary file stays", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "deep", "state.json");
  writeJsonAtomic(file, { count: 3 }, 0o600);
  expect(readState(file, Schema)).toEqual({ kind: "read", value: { count: 3 } });
  expect(readdirSync(join(folder.path, "deep"))).toEqual(["state.json"]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a missing file is not an error", () => {
  using folder = temporaryFolder();
  expect(readState(join(folder.path, "none.json"), Schema)).toEqual({ kind: "missing" });
});

test.each([
  ["half a file", '{"count": 1', /JSON/],
  ["a file of another form", '{"count": "many"}', /count/],
])("%s is set aside with the reason and its text is kept", (_, text, why) => {
  using folder = temporaryFolder();
  const file = join(folder.path, "state.json");
  writeFileSync(file, text);
  const state = readState(file, Schema);
  if (state.kind !== "set-aside") throw new Error(state.kind);
  expect(state.error).toMatchObject({ code: "state-unreadable", message: expect.stringMatching(why) });
  expect(readFileSync(state.at, "utf8")).toBe(text);
  expect(readState(file, Schema)).toEqual({ kind: "missing" });
});

test.each([
  ["a folder", (path: string) => (mkdirSync(path), path), /it is a folder/],
  [
    "below a file",
    (path: string) => (writeFileSync(path, ""), join(path, "x")),
    /a file is where its folder should be/,
  ],
])("%s in its place is told in words and left alone", (_, prepare, why) => {
  using folder = temporaryFolder();
  const file = prepare(join(folder.path, "state.json"));
  expect(readState(file, Schema)).toEqual({ kind: "unreadable", error: expect.any(PinokioError) });
  expect(readState(file, Schema)).toMatchObject({
    error: {
      code: "state-unreadable",
      message: expect.stringMatching(why),
      hint: expect.stringMatching(/start again/),
    },
  });
  expect(readdirSync(folder.path)).toEqual(["state.json"]);
});

test("a file that cannot be set aside either stays and is told in words", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "x".repeat(250)); // the name it would get is too long
  writeFileSync(file, "{");
  expect(readState(file, Schema)).toMatchObject({
    kind: "unreadable",
    error: { code: "state-unreadable", hint: expect.stringMatching(/could not be set aside/) },
  });
  expect(readFileSync(file, "utf8")).toBe("{");
});

test("a failed write leaves the old text and says why", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "taken");
  mkdirSync(file); // a folder cannot be replaced by a file
  writeFileSync(join(file, "inside"), "kept");
  expect(() => writeFileAtomic(file, "new")).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder.path)).toEqual(["taken"]);
  expect(readFileSync(join(file, "inside"), "utf8")).toBe("kept");
});

test("a full disk is named as such", () => {
  expect(() => writeFileAtomic("/dev/full/x", "text")).toThrow();
});

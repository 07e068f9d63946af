import { expect, test } from "@jest/globals";
import { readRequires } from "../../../src/runtime/environments/requires.js";

const facts = { platform: "linux", arch: "x64", gpu: "none" };
const names = (requires: unknown, more = {}) =>
  readRequires(requires, { ...facts, ...more }).map(({ name, type, args }) =>
    [type, name, args].filter(Boolean).join(" "),
  );

test.each([
  ["a bundle", { bundle: "python" }, ["git", "node", "npm", "npx", "uv"]],
  ["a bundle that nobody knows", { bundle: "other" }, []],
  ["a list", [{ type: "conda", name: "ffmpeg", args: "-c conda-forge" }], ["conda ffmpeg -c conda-forge"]],
  ["several names", [{ type: "conda", name: ["cmake", "ffmpeg"] }], ["conda cmake", "conda ffmpeg"]],
  [
    "what is meant for other machines",
    [
      { platform: "win32", name: "vs" },
      { gpu: "nvidia", name: "cuda" },
    ],
    [],
  ],
  ["one of several machines", [{ platform: ["linux", "win32"], name: "git" }], ["git"]],
  [
    "what Homebrew would bring",
    [{ name: "brew" }, { type: "brew", name: "libfoo" }, { type: "brew", name: "mecab" }],
    ["brew mecab"],
  ],
  ["a single entry", { type: "pip", name: "jsonschema" }, ["pip jsonschema"]],
  ["plain names", ["git"], ["git"]],
  ["nonsense", [null, 5, { name: 7 }, {}], []],
])("%s", (_, requires, expected) => {
  expect(names(requires)).toEqual(expected);
});

test("a card of the right make asks for more", () => {
  expect(names([{ name: "cuda", gpu: "nvidia" }], { gpu: "nvidia" })).toEqual(["cuda"]);
});

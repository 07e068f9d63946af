import { expect, test } from "@jest/globals";
import { isRepository, packageAt } from "../../../../src/runtime/catalog/sources/repository.js";

test.each([
  "https://github.com/owner/name",
  "https://github.com/owner/name.git",
  "https://github.com/owner/name#next",
  "https://example.org/some/where/name.git",
  "git@github.com:owner/name.git",
  "ssh://git@example.org/name",
  "owner/name",
])("%s is a repository", (text) => expect(isRepository(text)).toBe(true));

test.each([
  "comfyui",
  "text to speech",
  "https://example.org/index.json",
  "https://github.com/owner/name/blob/main/index.json",
  "https://example.org/owner/name",
  "/home/ada/apps",
  "--upload-pack=x",
  "",
])("%j is none", (text) => expect(isRepository(text)).toBe(false));

test("what an address names is said without asking whether it is there", () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  expect(packageAt(`https://github.com/owner/name@${commit}`, "x", "pasted")).toMatchObject({
    name: "github.com/owner/name",
    repository: "https://github.com/owner/name",
    install: `https://github.com/owner/name@${commit}`,
    commit,
    linux: "unknown",
  });
  expect(packageAt("git@example.org:owner/name.git", "x", "pasted").name).toBe("example.org/owner/name");
});

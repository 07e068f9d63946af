import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { cloneFolderName, findClone, parseGitUri, remoteOf } from "../../../src/runtime/base/git-uri.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test.each([
  ["https://host/x/y.git", { remote: "https://host/x/y.git", path: "" }],
  ["https://host/x/y.git/a/start.js", { remote: "https://host/x/y.git", path: "a/start.js" }],
  ["https://host/x/y/start.js", null],
  ["../y.git/start.js", null],
])("%s is taken apart", (uri, parts) => {
  expect(parseGitUri(uri)).toEqual(parts);
});

test("a clone that nobody has named is named after its address", () => {
  expect(cloneFolderName("https://github.com/x/y.git")).toBe("github_com_x_y_git");
});

describe("the clone of a repository", () => {
  test.each([
    ["https://host/x/y.git", "https://host/x/y.git"],
    ["https://host/x/y", "https://host/x/y.git"],
    ["https://Host/x/y.git", "https://host/x/y"],
  ])("cloned from %s is found as %s, whatever its folder is called", (stored, wanted) => {
    using home = temporaryFolder();
    const git = join(home.path, "any name", ".git");
    mkdirSync(git, { recursive: true });
    writeFileSync(
      join(git, "config"),
      `[core]\n\tbare = false\n[remote "other"]\n\turl = https://no\n[remote "origin"]\n\turl = ${stored}\n\tfetch = +x\n`,
    );
    expect(findClone(home.path, wanted)).toBe(join(home.path, "any name"));
    expect(findClone(home.path, "https://host/x/yy.git")).toBeNull();
    expect(remoteOf(join(home.path, "any name"))).toBe(stored);
  });
});

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openCheckSource } from "../../../src/runtime/cli/check-source.js";
import { gitServer } from "../../helpers/git-server.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("where there is no git that is said, and not that the address is wrong", async () => {
  const path = process.env["PATH"];
  process.env["PATH"] = "/nonexistent";
  try {
    for (const address of ["https://git.example.test/a.git", "git.example.test/ada/a", "ada/a"]) {
      await expect(openCheckSource(address, "/")).rejects.toMatchObject({
        code: "tool-missing",
        message: "The program git was not found",
      });
    }
  } finally {
    process.env["PATH"] = path;
  }
});

test("an address without a scheme is fetched as an install would", async () => {
  await using server = await gitServer();
  server.make("alpha", { "pinokio.js": "module.exports = {}" });
  using source = await openCheckSource(`${server.url.replace("http://", "")}/alpha.git#main`, "/");
  expect(source.folders.map((folder) => source.nameOf(folder))).toEqual(["alpha"]);
});

test("a commit behind the address is what is looked at, by its first digits or of no branch, and a wrong one is said", async () => {
  await using server = await gitServer();
  const repository = server.make("alpha", { "pinokio.js": "module.exports = { title: 'first' }" });
  const first = repository.git("rev-parse", "HEAD").trim();
  const gone = repository.commit({ "pinokio.js": "module.exports = { title: 'gone' }" });
  repository.rewrite({ "pinokio.js": "module.exports = { title: 'last' }" });
  const titleAt = async (wanted: string): Promise<string> => {
    using source = await openCheckSource(`${repository.url}${wanted}`, "/");
    return readFileSync(join(source.folders[0] ?? "", "pinokio.js"), "utf8").replace(/.*'(.*)'.*/, "$1");
  };
  expect(await titleAt(`@${first.slice(0, 9)}`)).toBe("first");
  expect(await titleAt(`#${first}`)).toBe("first");
  expect(await titleAt(`@${gone}`)).toBe("gone");
  await expect(titleAt("@0123456789")).rejects.toMatchObject({
    code: "branch-missing",
    message: `${repository.url} has no commit 0123456789`,
  });
});

test("an app is named as it is installed, and of a slip in its name it is said what is near to it", async () => {
  using home = temporaryFolder();
  const app = join(home.path, "api", "privy");
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, "pinokio.js"), "module.exports = {}");
  using source = await openCheckSource("privy", home.path);
  expect(source.folders).toEqual([app]);
  await expect(openCheckSource("privi", home.path)).rejects.toMatchObject({
    code: "app-invalid",
    hint: "Near to it: privy",
  });
});

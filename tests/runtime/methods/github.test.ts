import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { github } from "../../../src/runtime/methods/github.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** A program that writes down its words and answers what GitHub would. */
function standIn(folder: string, exitCode = 0): { find(): string; calls(): string[] } {
  const file = join(folder, "gh");
  const answer =
    exitCode === 0
      ? `[ "$1" = api ] && echo '{"full_name":"me/tool"}'; true`
      : "echo 'not logged in: run gh auth login' >&2";
  writeFileSync(file, `#!/bin/sh\necho "$@" >> ${folder}/calls\n${answer}\nexit ${exitCode}\n`);
  chmodSync(file, 0o755);
  return { find: () => file, calls: () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n") };
}

const contextWith = (folder: string, gh: { find(): string }) => {
  const base = fakeContext({ cwd: folder });
  return fakeContext({
    cwd: folder,
    programs: { find: gh.find, run: (wanted) => base.programs.run({ ...wanted, program: gh.find() }) },
  });
};

test("a repository is made from a folder, and GitHub's answer is the result", async () => {
  using folder = temporaryFolder();
  const gh = standIn(folder.path);
  const context = contextWith(folder.path, gh);
  expect(await callChecked(github.create, { path: ".", name: "tool", visibility: "private" }, context)).toEqual({
    full_name: "me/tool",
  });
  await callChecked(github.fork, { org: "us", name: "mine" }, context);
  expect(gh.calls()).toEqual([
    `repo create tool --private --source ${folder.path} --remote origin --push`,
    "api repos/{owner}/{repo}",
    "repo fork --remote --fork-name mine --org us",
    "api repos/{owner}/{repo}",
  ]);
});

test("what gh says goes into the error, with what to do", async () => {
  using folder = temporaryFolder();
  const context = contextWith(folder.path, standIn(folder.path, 1));
  await expect(callChecked(github.create, {}, context)).rejects.toMatchObject({
    code: "step-failed",
    message: expect.stringContaining("not logged in"),
    hint: expect.stringContaining("gh auth login"),
  });
});

test("without gh it cannot be done", async () => {
  const context = fakeContext({ programs: { find: () => null, run: () => Promise.reject(new Error("runs nothing")) } });
  await expect(callChecked(github.fork, {}, context)).rejects.toMatchObject({ code: "tool-missing" });
});

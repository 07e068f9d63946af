import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { commitOf } from "../../../src/runtime/library/commit.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

function checkout(at: string, files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), text);
  }
  return at;
}

test.each<[string, Record<string, string>, string | null]>([
  ["a commit itself", { ".git/HEAD": `${COMMIT}\n` }, COMMIT],
  ["a branch", { ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": `${COMMIT}\n` }, COMMIT],
  [
    "a packed branch",
    {
      ".git/HEAD": "ref: refs/heads/main\n",
      ".git/packed-refs": `# pack-refs\n${COMMIT} refs/heads/main\n${COMMIT.replace("0", "f")} refs/heads/x/refs/heads/main\n`,
    },
    COMMIT,
  ],
  ["a branch without a commit", { ".git/HEAD": "ref: refs/heads/main\n" }, null],
  ["a text that is no commit", { ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": "secret words" }, null],
  ["a way out", { ".git/HEAD": "ref: ../../secret\n", secret: COMMIT, "../secret": COMMIT }, null],
  ["a way out below refs", { ".git/HEAD": "ref: refs/../../secret\n", secret: COMMIT }, null],
  ["an endless text", { ".git/HEAD": COMMIT + " ".repeat(2_000) }, null],
  ["a worktree", { ".git": "gitdir: /somewhere\n" }, null],
  ["no checkout", { "pinokio.js": "" }, null],
])("the commit of %s", async (_, files, commit) => {
  using folder = temporaryFolder();
  expect(await commitOf(checkout(join(folder.path, "app"), files))).toBe(commit);
});

test("what is no file of the checkout is not read, and never waited for", async () => {
  using folder = temporaryFolder();
  const app = checkout(join(folder.path, "app"), { ".git/config": "", "../outside": COMMIT });
  const head = join(app, ".git/HEAD");
  execFileSync("mkfifo", [head]);
  expect(await commitOf(app)).toBeNull();
  for (const target of ["/dev/zero", "../../outside"]) {
    execFileSync("rm", [head]);
    symlinkSync(target, head);
    expect(await commitOf(app)).toBeNull();
  }
});

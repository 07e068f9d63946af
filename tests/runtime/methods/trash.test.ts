import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { removeKeeping } from "../../../src/runtime/methods/trash.js";
import { fakeContext } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** Paths are relative to a folder that holds the home. */
function world() {
  const root = temporaryFolder();
  const at = (path: string): string => join(root.path, path);
  const home = at("home");
  const put = (...paths: string[]): void => {
    for (const path of paths) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), "x");
    }
  };
  const git = (folder: string, ...args: string[]): void => {
    const person = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
    execFileSync("git", [...person, ...args], { cwd: at(folder), stdio: "ignore" });
  };
  mkdirSync(at("home/api"), { recursive: true });
  return {
    at,
    put,
    git,
    /** A repository with a.py and b.py in a remote, cloned. */
    clone: (folder: string): void => {
      if (!existsSync(at("origin"))) {
        put("origin/a.py", "origin/b.py");
        git("origin", "init");
        git("origin", "add", ".");
        git("origin", "commit", "-m", "one");
      }
      mkdirSync(dirname(at(folder)), { recursive: true });
      git(".", "clone", at("origin"), at(folder));
    },
    edit: (path: string): void => appendFileSync(at(path), "mine"),
    remove: async (path: string): Promise<void> => {
      await removeKeeping(at(path), fakeContext({ home, cwd: home }));
      expect(existsSync(at(path))).toBe(false);
    },
    /** What lies in the trash, git's own files as one. */
    trash: (): string[] => {
      const trash = join(home, "trash");
      if (!existsSync(trash)) return [];
      const found = readdirSync(trash, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory() && entry.name !== "trash.json")
        .map((entry) => join(entry.parentPath, entry.name).slice(trash.length + 1))
        .map((path) => path.replace(/^[^/]+\/files\//, "").replace(/\.git\/.*/, ".git"));
      return [...new Set(found)].sort();
    },
    trashed: (path: string): string => {
      const [entry = ""] = readdirSync(join(home, "trash"));
      return join(home, "trash", entry, "files", path);
    },
    [Symbol.dispose]: () => root[Symbol.dispose](),
  };
}

describe("by way of a link", () => {
  test("an app that lies elsewhere is an app", async () => {
    using w = world();
    w.clone("dev");
    symlinkSync(w.at("dev"), w.at("home/api/dev"));
    w.put("dev/outputs/p.png");
    await w.remove("home/api/dev/outputs");
    await w.remove("home/api/dev/a.py");
    w.edit("dev/b.py");
    await w.remove("home/api/dev/b.py");
    expect(w.trash()).toEqual(["dev/b.py", "dev/outputs/p.png"]);
  });

  test("a file on the drive is kept", async () => {
    using w = world();
    w.put("home/drive/m/m.bin", "home/api/app/x");
    symlinkSync(w.at("home/drive/m"), w.at("home/api/app/models"));
    await w.remove("home/api/app/models/m.bin");
    expect(w.trash()).toEqual(["app/models/m.bin"]);
  });

  test("a home that is itself a link has apps too", async () => {
    using w = world();
    w.put("home/api/app/out/p.png");
    symlinkSync("home", w.at("link"));
    await w.remove("link/api/app/out");
    expect(w.trash()).toEqual(["app/out/p.png"]);
  });
});

describe("a repository that goes too", () => {
  test("keeps what differs from its commit, also when that was added", async () => {
    using w = world();
    w.clone("home/api/n/app");
    w.edit("home/api/n/app/a.py");
    w.put("home/api/n/app/new.py");
    w.git("home/api/n/app", "add", ".");
    await w.remove("home/api/n/app");
    expect(w.trash()).toEqual(["n/app/a.py", "n/app/new.py"]);
  });

  test.each([
    ["of a commit of its own", ["commit", "-am", "mine"]],
    ["of a stash", ["stash"]],
    ["of a commit on another branch", ["checkout", "-qb", "other"], ["commit", "-am", "mine"], ["checkout", "-"]],
    ["it has no remote", ["remote", "remove", "origin"]],
  ])("is kept because %s", async (_, ...commands) => {
    using w = world();
    w.clone("home/api/n/app");
    w.edit("home/api/n/app/a.py");
    for (const command of commands as string[][]) w.git("home/api/n/app", ...command);
    w.put("home/api/n/app/node_modules/x");
    await w.remove("home/api/n");
    expect(w.trash()).toEqual(["n/app/.git", "n/app/a.py", "n/app/b.py"]);
    expect(execFileSync("git", ["fsck"], { cwd: w.trashed("n/app"), stdio: "pipe" })).toBeDefined();
  });

  test("is kept when only its .git goes", async () => {
    using w = world();
    w.clone("home/api/n/app");
    await w.remove("home/api/n/app/.git");
    expect(w.trash()).toEqual([]);
    w.clone("home/api/n/other");
    w.edit("home/api/n/other/a.py");
    w.git("home/api/n/other", "commit", "-am", "mine");
    await w.remove("home/api/n/other/.git");
    expect(w.trash()).toEqual(["n/other/.git"]);
  });

  test("keeps commits of a submodule, which lie in the .git above", async () => {
    using w = world();
    w.clone("home/api/n/app");
    const sub = "home/api/n/app/sub";
    w.git("home/api/n/app", "-c", "protocol.file.allow=always", "submodule", "add", w.at("origin"), "sub");
    w.git("home/api/n/app", "commit", "-m", "sub");
    w.git("home/api/n/app", "push", "origin", "HEAD:refs/heads/sub");
    w.edit(`${sub}/b.py`);
    w.git(sub, "commit", "-am", "mine");
    await w.remove("home/api/n/app");
    expect(w.trash()).toContain("n/app/.git");
    expect(readFileSync(w.trashed("n/app/sub/b.py"), "utf8")).toBe("xmine");
    expect(existsSync(w.trashed("n/app/.git/modules/sub/HEAD"))).toBe(true);
    expect(existsSync(w.trashed("n/app/.git/HEAD"))).toBe(false);
  });
});

test("a folder of a repository that stays keeps only what git does not know", async () => {
  using w = world();
  w.clone("home/api/app");
  w.put("home/api/app/src/c.py", "home/api/app/src/d.py");
  w.git("home/api/app", "add", "src/c.py");
  await w.remove("home/api/app/src");
  expect(w.trash()).toEqual(["app/src/d.py"]);
});

test.each(["--assume-unchanged", "--skip-worktree"])("a file marked %s may have changed", async (mark) => {
  using w = world();
  w.clone("home/api/app");
  w.clone("home/api/n/app");
  for (const folder of ["home/api/app", "home/api/n/app"]) {
    w.git(folder, "update-index", mark, "a.py");
    w.edit(`${folder}/a.py`);
  }
  await w.remove("home/api/app/a.py");
  await w.remove("home/api/n/app");
  expect(w.trash()).toEqual(["app/a.py", "n/app/a.py"]);
});

test("an app's folder that is an environment too keeps what is not the environment's", async () => {
  using w = world();
  const names = ["pyvenv.cfg", "lib/x.py", "bin/python", "outputs/p.png", "note.txt"];
  w.put(...names.map((name) => `home/api/app/${name}`), ...names.map((name) => `home/api/n/app/${name}`));
  writeFileSync(w.at("home/api/n/app/.gitignore"), "# made by a tool\n*\n");
  await w.remove("home/api/app/outputs");
  await w.remove("home/api/app/lib");
  await w.remove("home/api/n/app");
  expect(w.trash()).toEqual(["app/outputs/p.png", "n/app/note.txt", "n/app/outputs/p.png"]);
});

test("an environment of conda goes whole", async () => {
  using w = world();
  w.put("home/api/app/env/conda-meta/history", "home/api/app/env/ssl/x", "home/api/app/env/bin/x");
  await w.remove("home/api/app/env/ssl");
  await w.remove("home/api/app/env");
  expect(w.trash()).toEqual([]);
});

test("models in .cache are kept", async () => {
  using w = world();
  w.put("home/api/app/.cache/whisper/model", "home/api/app/.cache/__pycache__/x.pyc");
  await w.remove("home/api/app/.cache");
  expect(w.trash()).toEqual(["app/.cache/whisper/model"]);
});

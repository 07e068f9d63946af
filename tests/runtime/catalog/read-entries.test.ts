import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { Index } from "../../../src/runtime/catalog/entry.js";
import { MOST_ENTRIES, readEntries } from "../../../src/runtime/catalog/read-entries.js";
import { BUILT_IN_CATALOG } from "../../helpers/catalog-world.js";

const PLACE = { source: "other", prefix: "other/" };
const good = { id: "app", name: "App", repo: "https://example.org/owner/app" };

test("the built-in catalog has 284 packages, and each is as it should be", async () => {
  const { apps, generated } = Index.parse(JSON.parse(readFileSync(BUILT_IN_CATALOG, "utf8")));
  const { packages, skipped, problems } = await readEntries(apps, { source: "built-in", prefix: "" });
  expect({ count: packages.length, skipped, problems, generated }).toEqual({
    count: 284,
    skipped: 0,
    problems: [],
    generated: "2026-11-20",
  });
  const ids = new Set(packages.map(({ id }) => id));
  for (const { dependencies } of packages) for (const id of dependencies) expect(ids).toContain(id);
  expect(packages.filter(({ warning }) => warning !== null).map(({ id }) => id)).toEqual(["kittentts"]);
  expect(new Set(packages.map(({ type }) => type))).toEqual(new Set(["app", "library"]));
});

test("a name and a repository are enough; the rest is taken for unknown", async () => {
  const { packages } = await readEntries([good], PLACE);
  expect(packages).toMatchObject([
    {
      id: "other/app",
      source: "other",
      type: "app",
      name: "App",
      summary: "",
      category: "utility",
      tags: [],
      install: "https://example.org/owner/app",
      repository: "https://example.org/owner/app",
      version: null,
      commit: null,
      dependencies: [],
      requires: {
        gpu: null,
        vramGB: null,
        diskGB: null,
        platforms: [],
        conda: null,
        sudo: null,
        credentials: [],
        external: [],
      },
      models: [],
      upstream: null,
      port: null,
      linux: "unknown",
      cpu: "unknown",
      available: true,
      warning: null,
      icon: null,
      popularity: null,
    },
  ]);
});

test("a branch or a commit is part of what is installed", async () => {
  const commit = "0123456789abcdef0123456789abcdef01234567";
  const { packages } = await readEntries(
    [
      { ...good, branch: "next" },
      { ...good, id: "b", branch: "next", commit },
    ],
    PLACE,
  );
  expect(packages.map(({ install }) => install)).toEqual([
    "https://example.org/owner/app#next",
    `https://example.org/owner/app@${commit}`,
  ]);
});

test.each([
  [null, "Entry 1: it Invalid input"],
  ["text", "Entry 1: it Invalid input"],
  [{ ...good, id: "../../etc" }, '"../../etc": id is not made of letters'],
  [{ ...good, id: "" }, "Entry 1: id is not made of letters"],
  [{ ...good, name: "  " }, '"app": name is empty'],
  [{ ...good, name: "x".repeat(200) }, '"app": name Too big'],
  [{ ...good, summary: "x".repeat(10_000) }, '"app": summary Too big'],
  [{ ...good, repo: "file:///etc" }, '"app": repo is no http or https address'],
  [{ ...good, repo: "ext::sh -c true" }, '"app": repo is no http or https address'],
  [{ ...good, repo: "--upload-pack=x" }, '"app": repo is no http or https address'],
  [{ ...good, repo: "https://example.org" }, '"app": repo is no http or https address'],
  [{ ...good, branch: "--upload-pack=x" }, '"app": branch is no name of a branch'],
  [{ ...good, commit: "HEAD" }, '"app": commit is no commit'],
  [{ ...good, category: "games" }, '"app": category Invalid option'],
  [{ ...good, icon: "https://example.org/x.png" }, '"app": icon is no data: address'],
  [{ ...good, requires: { vramGB: -1 } }, '"app": requires.vramGB Too small'],
  [{ ...good, tags: Array.from({ length: 1_000 }, () => "x") }, '"app": tags Too big'],
])("%j is left out with its reason, and the others stay", async (bad, why) => {
  const { packages, skipped, problems } = await readEntries([bad, { ...good, id: "good" }], PLACE);
  expect(packages.map(({ id }) => id)).toEqual(["other/good"]);
  expect(skipped).toBe(1);
  expect(problems[0]).toMatch(new RegExp(`^${why.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
});

test("an id that is there twice counts once", async () => {
  const { packages, problems } = await readEntries([good, { ...good, id: "APP", name: "Second" }], PLACE);
  expect(packages.map(({ name }) => name)).toEqual(["App"]);
  expect(problems).toEqual(['"APP": its id is there twice; the first one counts']);
});

test("characters that steer a terminal or turn text around are taken out", async () => {
  const { packages } = await readEntries([{ ...good, name: "A\u001b[31m\u202eB", summary: "one\ntwo" }], PLACE);
  expect(packages[0]).toMatchObject({ name: "A [31m B", summary: "one two" });
});

test("of a list without an end the beginning is read", async () => {
  const entries = new Array<unknown>(MOST_ENTRIES + 5).fill(1);
  const { packages, skipped, problems } = await readEntries(entries, PLACE);
  expect(packages).toEqual([]);
  expect(skipped).toBe(MOST_ENTRIES + 5);
  expect(problems).toHaveLength(21); // a few are named, not all
});

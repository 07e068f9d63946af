import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { KeptValues } from "../../../src/runtime/runner/kept-values.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("values are kept by dotted key, the later ones over the earlier ones", () => {
  using folder = temporaryFolder();
  const kept = new KeptValues(folder.path);
  expect(kept.defaults).toEqual({});
  kept.keep({ model: "a", "server.port": 1 });
  kept.keep({ model: "b", strange: () => 1 });
  expect(new KeptValues(folder.path).defaults).toEqual({ model: "b", server: { port: 1 } });
});

test("the file lies where the app's ENVIRONMENT does; one that cannot be read holds nothing", () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "pinokio"));
  const kept = new KeptValues(folder.path);
  kept.keep({ a: 1 });
  expect(JSON.parse(readFileSync(join(folder.path, "pinokio", "LOCAL"), "utf8"))).toEqual({ a: 1 });
  writeFileSync(join(folder.path, "pinokio", "LOCAL"), "oops");
  expect(kept.defaults).toEqual({});
});

test("a script of no app keeps nothing and says so", () => {
  const kept = new KeptValues(null);
  expect(kept.defaults).toEqual({});
  expect(() => kept.keep({ a: 1 })).toThrow("belongs to no app");
});

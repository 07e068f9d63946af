import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { fillRequiredValues } from "../../../src/runtime/runner/required-values.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function world(home: string, env: Record<string, string>, answer: unknown) {
  const asked: unknown[] = [];
  const set: unknown[] = [];
  return {
    home,
    asked,
    set: (values: unknown) => void set.push(values),
    written: set,
    env: () => env,
    ask: (params: unknown) => (asked.push(params), Promise.resolve(answer)),
  };
}

const ITEMS = [
  { key: "SERVICE_KEY", title: "Key", description: "From your account", host: "https://service.example/keys" },
  { env: "REGION", default: "eu" },
];

test("what is missing is asked for, kept in ENVIRONMENT and by its website", async () => {
  using folder = temporaryFolder();
  const at = world(folder.path, {}, { SERVICE_KEY: "abc", REGION: "us" });
  await fillRequiredValues(ITEMS, at);
  expect(at.asked).toEqual([
    {
      title: "This script needs to know",
      form: [
        {
          key: "SERVICE_KEY",
          title: "Key",
          description: "From your account",
          type: "password",
          default: "",
          required: true,
        },
        { key: "REGION", title: "REGION", default: "eu", required: true },
      ],
    },
  ]);
  expect(at.written).toEqual([{ SERVICE_KEY: "abc", REGION: "us" }]);
  expect(JSON.parse(readFileSync(join(folder.path, "key.json"), "utf8"))).toEqual({ "service.example": ["abc"] });
});

test("nothing is asked when everything is known", async () => {
  using folder = temporaryFolder();
  const at = world(folder.path, { SERVICE_KEY: "x", REGION: "eu" }, null);
  await fillRequiredValues(ITEMS, at);
  await fillRequiredValues({ SOME: "variables" }, at);
  await fillRequiredValues(undefined, at);
  expect(at.asked).toEqual([]);
});

test("what stands there already is offered: the variable, then the default, then the website's key", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "key.json"), JSON.stringify({ "service.example": [null, "second"] }));
  const at = world(folder.path, { REGION: "asia" }, { SERVICE_KEY: "", REGION: "asia" });
  await fillRequiredValues([{ ...ITEMS[0], index: 1 }, ITEMS[1]], at);
  const kept = { type: "password", default: "", required: false, placeholder: "Kept here; leave it empty to use that" };
  expect(at.asked).toMatchObject([{ form: [kept, { default: "asia" }] }]);
  expect(JSON.stringify(at.asked)).not.toContain("second");
  expect(at.written).toEqual([{ SERVICE_KEY: "second", REGION: "asia" }]);
});

test("an answer that is no text replaces no key", async () => {
  using folder = temporaryFolder();
  const keys = JSON.stringify({ "service.example": ["kept"] });
  writeFileSync(join(folder.path, "key.json"), keys);
  const at = world(folder.path, {}, { SERVICE_KEY: { a: 1 }, REGION: ["us"] });
  await fillRequiredValues(ITEMS, at);
  expect(at.written).toEqual([{}]);
  expect(readFileSync(join(folder.path, "key.json"), "utf8")).toBe(keys);
});

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "smol-toml";
import { Document } from "yaml";
import type { Format, Plain } from "../../../../src/runtime/configuration/formats/format.js";
import { prepareFormats } from "../../../../src/runtime/configuration/formats/index.js";
import { env } from "../../../../src/runtime/configuration/formats/env.js";
import { json } from "../../../../src/runtime/configuration/formats/json.js";
import { toml } from "../../../../src/runtime/configuration/formats/toml.js";
import { yaml } from "../../../../src/runtime/configuration/formats/yaml.js";
import { quoteEnvValue } from "../../../../src/runtime/base/env-file.js";

await prepareFormats();

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((word) => word !== "__proto__");
const words = fc
  .oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.constantFrom(
      "yes",
      "null",
      "~",
      "1e5",
      "0o7",
      "- x",
      "a: b",
      "#",
      "«»",
      "'",
      '"',
      "\\",
      "\n",
      "\r\n",
      "\t",
      "[",
      "{{x}}",
      " x ",
      "12:30",
    ),
  )
  .filter((text) => !/[\uD800-\uDFFF]/u.test(text));
const plain = fc.oneof(
  words,
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
);
const tree = fc.dictionary(name, fc.oneof(plain, fc.dictionary(name, plain, { minKeys: 1, maxKeys: 4 })), {
  minKeys: 1,
  maxKeys: 6,
});

const FORMATS: [string, Format, (value: Record<string, unknown>) => string][] = [
  ["json", json, (value) => JSON.stringify(value, null, 2)],
  ["yaml", yaml, (value) => new Document(value, { version: "1.1" }).toString()],
  ["toml", toml, (value) => stringify(value)],
  [
    "env",
    env,
    (value) =>
      Object.entries(value)
        .map(([key, one]) => `${key}=${quoteEnvValue(typeof one === "string" ? one : "x")}\n`)
        .join(""),
  ],
];

const valuesOf = (format: Format, text: string): Map<string, Plain> =>
  new Map(format.read(text).values.map(({ path, value }) => [JSON.stringify(path), value]));

test.each(FORMATS)(
  "%s: whatever is put in place of a value is read back, and every other value stays",
  (_, format, write) => {
    fc.assert(
      fc.property(tree, words, fc.nat(), (value, next, which) => {
        const text = write(value);
        const before = format.read(text).values.filter((one) => typeof one.value === "string");
        const target = before[which % Math.max(1, before.length)];
        if (target === undefined) return;
        const edit = format.write(next, target, text);
        expect(edit).not.toBeNull();
        const after = text.slice(0, edit!.from) + edit!.put + text.slice(edit!.to);
        const expected = valuesOf(format, text).set(JSON.stringify(target.path), next);
        const found = valuesOf(format, after);
        // What is over several lines is shown as text only.
        if (format !== env && /[\r\n]/.test(edit!.put)) expected.delete(JSON.stringify(target.path));
        expect(found).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  },
);

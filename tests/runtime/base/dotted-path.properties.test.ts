import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { removePath, setPath, splitPath } from "../../../src/runtime/base/dotted-path.js";

const part = fc.oneof(
  fc.string({ minLength: 1 }).filter((text) => !text.includes(".") && !text.startsWith("[")),
  fc.constantFrom("__proto__", "constructor", "prototype", "toString", "0", "a/b", "items[0]"),
);
const path = fc.array(part, { minLength: 1, maxLength: 4 });

function read(target: unknown, parts: readonly string[]): unknown {
  let value = target;
  for (const name of parts) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, name)?.value;
  }
  return value;
}

test("what is set is found where its key says, and removed from there", () => {
  fc.assert(
    fc.property(path, fc.jsonValue(), fc.dictionary(part, fc.integer()), (parts, value, others) => {
      const target: Record<string, unknown> = { ...others };
      const [first = ""] = parts;
      Reflect.deleteProperty(target, first);
      const before = JSON.stringify(target);
      setPath(target, parts.join("."), value);
      expect(read(target, parts)).toEqual(value);
      removePath(target, parts.join("."));
      expect(read(target, parts)).toBeUndefined();
      removePath(target, first);
      expect(JSON.stringify(target)).toBe(before);
    }),
  );
});

test("no key reaches what every object inherits", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        path.map((parts) => parts.join(".")),
        fc.string(),
      ),
      fc.string(),
      (key, value) => {
        const known = Object.getOwnPropertyNames(Object.prototype).length;
        const target = {};
        setPath(target, key, value);
        setPath(target, `${key}.polluted`, value);
        removePath(target, key);
        removePath(target, `__proto__.${key}`);
        expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(known);
        expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
      },
    ),
  );
});

test("a key without a bracket in front is split at its dots and nowhere else", () => {
  fc.assert(fc.property(path, (parts) => expect(splitPath(parts.join("."))).toEqual(parts)));
});

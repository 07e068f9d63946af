import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderStep, renderValue, type Scope } from "../../../src/runtime/script/template.js";

const render = (value: unknown, names: Record<string, unknown> = {}): unknown =>
  renderValue(value, { scope: Object.assign(Object.create(null) as Scope, names), isOwnText: () => false });

const plain = fc.string({ unit: "grapheme" }).filter((text) => !/[{}]/.test(text));
/** Texts that look like templates, or nearly. */
const spiky = fc
  .array(
    fc.constantFrom("{{", "}}", "{{{", "}}}", "{", "}", "x", "boom()", ".y", "\n", " ", '"', "`", "$&", "self", ";"),
  )
  .map((parts) => parts.join(""));
const data = fc.jsonValue({ depthSize: "small" });
const strange = fc.oneof(spiky, data, fc.constant(undefined), fc.func(fc.anything()), fc.date());

const boom = (): never => {
  throw new Error("data was evaluated");
};

test("a whole template gives the very value, whatever that is", () => {
  fc.assert(
    fc.property(fc.oneof(data, spiky), (value) => {
      expect(render("{{x}}", { x: value, boom })).toEqual(value);
      expect(render({ a: ["{{x}}"] }, { x: value, boom })).toEqual({ a: [value] });
    }),
  );
});

test("within a text the value's text stands in its place, whatever it holds, and is not evaluated", () => {
  fc.assert(
    fc.property(
      plain,
      fc.oneof(spiky, plain, fc.double(), fc.boolean(), fc.constant(null)),
      plain,
      (before, value, after) => {
        fc.pre(before !== "" || after !== "");
        expect(render({ t: `${before}{{x}}${after}` }, { x: value, boom })).toEqual({
          t: `${before}${String(value)}${after}`,
        });
      },
    ),
  );
});

test("what holds no template stays as it is", () => {
  const literal = fc.jsonValue({ depthSize: "small" }).filter((value) => !JSON.stringify(value).includes("{{"));
  fc.assert(
    fc.property(literal, (value) => {
      expect(render(value)).toEqual(value);
      expect(render(render(value))).toEqual(value);
    }),
  );
});

test("three braces keep two, with anything inside that holds no brace", () => {
  fc.assert(
    fc.property(
      plain.filter((text) => !/[\n\r\u2028\u2029]/.test(text)),
      (inside) => {
        expect(render(`{{{${inside}}}}`, { boom })).toBe(`{{${inside}}}`);
      },
    ),
  );
});

test("rendering never throws, and ends", () => {
  fc.assert(
    fc.property(
      fc.dictionary(spiky, fc.oneof(strange, fc.array(strange), fc.dictionary(spiky, strange))),
      strange,
      (step, x) => {
        const scope = Object.assign(Object.create(null) as Scope, { x, boom, self: step });
        for (const isOwnText of [() => true, () => false]) {
          const { isWanted, unresolved } = renderStep(step, { scope, isOwnText });
          expect(typeof isWanted).toBe("boolean");
          expect(Array.isArray(unresolved)).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { parseJsonc } from "../../../src/runtime/script/jsonc.js";

const parse = (text: string): unknown => parseJsonc(text, "a.json").value;

const blank = fc.constantFrom("", " ", "\n", "\t", '// a "note" { [\n', "/* more, } */", "/***/", "\r\n");

/** JSON as authors write it: the blanks and commas that are drawn stand between its parts. */
function written(value: unknown, next: () => string, comma: () => boolean): string {
  const between = (parts: string[], open: string, close: string): string =>
    `${open}${parts.map((part) => `${next()}${part}${next()}`).join(",")}${parts.length > 0 && comma() ? "," : ""}${next()}${close}`;
  if (Array.isArray(value))
    return between(
      value.map((element) => written(element, next, comma)),
      "[",
      "]",
    );
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      ([key, element]) => `${JSON.stringify(key)}${next()}:${next()}${written(element, next, comma)}`,
    );
    return between(entries, "{", "}");
  }
  return JSON.stringify(value);
}

test("comments, blanks and trailing commas change no value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.infiniteStream(blank), fc.infiniteStream(fc.boolean()), (value, blanks, commas) => {
      const draw =
        <Drawn>(stream: Iterator<Drawn>) =>
        () =>
          (stream.next() as IteratorYieldResult<Drawn>).value;
      const text = written(value, draw(blanks), draw(commas));
      expect(parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("whatever JSON.parse reads is read the same", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", '"', "0", " ", "\\", "[1,]"), (json, at, piece) => {
      const place = at % (json.length + 1);
      const text = json.slice(0, place) + piece + json.slice(place);
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        return;
      }
      expect(parse(text)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test("any text is read or refused with its place, and nothing else", () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "a",
    "1",
    "-",
    "//",
    "/*",
    "*/",
    "\n",
    "\\",
    "true",
    "\u0000",
  );
  fc.assert(
    fc.property(
      fc.array(pieces).map((parts) => parts.join("")),
      (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PinokioError);
          expect((error as PinokioError).message).toMatch(/^a\.json:\d+:\d+: /);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseEnv, setInEnvText } from "../../../src/runtime/base/env-file.js";

/** What stands in files as it is, what has a meaning in them, and whatever else people type. */
const piece = fc.constantFrom(
  ...[
    "'",
    '"',
    "`",
    "#",
    "\\",
    "\\n",
    "\\r",
    "\\x22",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\t",
    "=",
    "$",
    "a",
    "B=2",
    "é",
    "\u2028",
  ],
);
const value = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "grapheme" }),
);

test("every value comes back as it was set, and its neighbours stay what they were", () => {
  fc.assert(
    fc.property(value, value, value, (first, second, third) => {
      const text = setInEnvText("# top\nA=0 # old\nB=0\n", { A: first, B: second, C: third });
      expect(parseEnv(text)).toEqual({ A: first, B: second, C: third });
      const again = setInEnvText(text, { B: first, A: second });
      expect(parseEnv(again)).toEqual({ A: second, B: first, C: third });
      expect(again.startsWith("# top\n")).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

import { expect, test } from "@jest/globals";
import { maskData, unmaskAnswer } from "../../../src/runtime/base/mask-data.js";

const LONG = "correct-horse-battery-staple";
const KNOWN = [Buffer.from(LONG), Buffer.from("password")];
const STARS = "*".repeat(28);

test("texts are masked wherever they stand, and data without a secret is the same as before", () => {
  const data = { url: `http://x/${LONG}`, deep: [{ [LONG]: LONG, count: 1, none: null }] };
  expect(maskData(data, KNOWN)).toEqual({ url: `http://x/${STARS}`, deep: [{ [STARS]: STARS, count: 1, none: null }] });
  const plain = { a: ["b", { c: "d" }] };
  expect(maskData(plain, KNOWN)).toBe(plain);
});

test("what is a program's own under its name stays", () => {
  const asked = { form: [{ key: "code", type: "password", default: LONG }], password: "password" };
  expect(maskData(asked, KNOWN, new Set(["type", "key"]))).toEqual({
    form: [{ key: "code", type: "password", default: STARS }],
    password: "********",
  });
});

test("who answers with what was shown to them answers with what it stands for", () => {
  const asked = { form: [{ key: "k", default: LONG }, { key: "other", default: "x" }] }; // prettier-ignore
  const shown = maskData(asked, KNOWN);
  expect(unmaskAnswer({ k: STARS, other: "y" }, asked, shown)).toEqual({ k: LONG, other: "y" });
  expect(unmaskAnswer({ k: "new", list: [STARS] }, asked, shown)).toEqual({ k: "new", list: [LONG] });
  const answer = { a: 1 };
  expect(unmaskAnswer(answer, asked, asked)).toBe(answer);
  const alike = [LONG, LONG.toUpperCase()];
  expect(unmaskAnswer(STARS, alike, [STARS, STARS])).toBe(STARS);
});

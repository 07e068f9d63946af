import { expect, test } from "@jest/globals";
import { linksIn } from "../../../src/widgets/log/links-in.js";

test.each([
  ["Running on http://127.0.0.1:7860", ["http://127.0.0.1:7860"]],
  [
    "See https://example.org/a(b). Then (https://example.org/c)!",
    ["https://example.org/a(b)", "https://example.org/c"],
  ],
  ['<a href="https://example.org/?q=1&r=2#x">', ["https://example.org/?q=1&r=2#x"]],
  ["https://example.org/ä/日本", ["https://example.org/ä/日本"]],
  ["ftp://example.org javascript://alert http:// https://[", []],
  ["nothing", []],
])("%j", (text, urls) => {
  const found = linksIn(text);
  expect(found.map(({ url }) => url)).toEqual(urls);
  for (const { at, url } of found) expect(text.slice(at, at + url.length)).toBe(url);
});

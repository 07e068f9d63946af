import { expect, test } from "@jest/globals";
import { maskSecrets } from "../../../src/runtime/base/mask-secrets.js";
import { secretBytes } from "../../../src/runtime/base/secret-bytes.js";

const shown = (text: string, ...values: string[]): string => maskSecrets(text, secretBytes(values));

test("a value is found as it is, in an address and quoted", () => {
  expect(shown("a p4ss@w0rd/1 b", "p4ss@w0rd/1")).toBe(`a ${"*".repeat(11)} b`);
  expect(shown("x://u:p4ss%40w0rd%2F1", "p4ss@w0rd/1")).toBe(`x://u:${"*".repeat(15)}`);
  expect(shown(JSON.stringify({ key: 'say "friend"' }), 'say "friend"')).toBe(`{"key":"${"*".repeat(14)}"}`);
});

test("of a value of several lines each is found, however a terminal ends them", () => {
  const key = "-----BEGIN KEY-----\nAbCdEfGhIjKl\nMnOpQrStUvWx\n-----END KEY-----\n";
  const printed = `start\r\n${key.replaceAll("\n", "\r\n")}end\r\n`;
  expect(shown(printed, key)).toBe(printed.replaceAll(/[^\r\n]{8,}/g, (line) => "*".repeat(line.length)));
});

test("what is too short to be a secret, or the same twice, is not looked for", () => {
  expect(secretBytes(["true", "1234567", "12345678", "12345678"]).map(String)).toEqual(["12345678"]);
});

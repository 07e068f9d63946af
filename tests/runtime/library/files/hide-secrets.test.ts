import { expect, test } from "@jest/globals";
import { hideSecrets, isKeyFile } from "../../../../src/runtime/library/files/hide-secrets.js";

function shown(name: string, text: string, known: readonly string[] = []): string {
  const bytes = Buffer.from(text);
  const isHidden = hideSecrets(bytes, name, known.map(Buffer.from));
  expect(isHidden).toBe(bytes.toString() !== text);
  return bytes.toString();
}

const stars = (count: number): string => "*".repeat(count);

test.each([
  ["ENVIRONMENT", "PORT=80\nMY_API_KEY=abc # mine\nX=1\n", `PORT=80\nMY_API_KEY=${stars(10)}\nX=1\n`],
  [".env.local", 'export DB_PASSWORD="a b"\n', `export DB_PASSWORD="${stars(3)}"\n`],
  ["config.json", '{"a":{"api_key":"x\\"y"},"max_tokens":"5"}', `{"a":{"api_key":"${stars(4)}"},"max_tokens":"5"}`],
  ["config.json", '{ "token":\n  "abc" }', '{ "token":\n  "***" }'],
  ["a.yaml", "token: grün\nmodel: small\n", `token: ${stars(5)}\nmodel: small\n`],
  ["a.toml", "client_secret = 'abc'\r\n", "client_secret = '***'\r\n"],
])("in %s the values of secrets are stars: %s", (name, text, hidden) => {
  expect(shown(name, text)).toBe(hidden);
});

test("what is no file of settings is shown as it is, but for what is known or looks like a token", () => {
  expect(shown("notes.txt", "password: none of your business")).toBe("password: none of your business");
  expect(shown("notes.txt", "mine is a-known-secret!", ["a-known-secret"])).toBe(`mine is ${stars(14)}!`);
  expect(shown("notes.txt", `hf_${"aB3dE6gH9".repeat(3)}`)).toBe(`hf_${stars(27)}`);
  const key = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END";
  expect(shown("notes.txt", key)).toBe(`-----BEGIN RSA PRIVATE KEY-----${stars(5)}-----END`);
});

test("a long line costs no more than its length", () => {
  const text = "a".repeat(300_000);
  expect(shown("config.json", text)).toBe(text);
});

test("files that are nothing but a secret are told by their names", () => {
  for (const name of ["id_ed25519", "server.key", ".netrc", "token", ".git-credentials"])
    expect(isKeyFile(name)).toBe(true);
  for (const name of ["tokens.png", "keyboard.txt", "ENVIRONMENT"]) expect(isKeyFile(name)).toBe(false);
});

import { expect, test } from "@jest/globals";
import { isAddress, parseGitAddress } from "../../../src/runtime/base/git-address.js";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

test.each([
  ["ada/hello", "https://github.com/ada/hello.git", "hello", null, null],
  ["ada/hello.git#dev/next", "https://github.com/ada/hello.git", "hello", "dev/next", null],
  ["ada/hello@0123abc", "https://github.com/ada/hello.git", "hello", null, "0123abc"],
  [`ada/hello#dev/next@${COMMIT}`, "https://github.com/ada/hello.git", "hello", "dev/next", COMMIT],
  ["ada/hello#v1@0123abc", "https://github.com/ada/hello.git", "hello", "v1", "0123abc"],
  ["ada/hello#me@work", "https://github.com/ada/hello.git", "hello", "me@work", null],
  [`ada/hello#${COMMIT}`, "https://github.com/ada/hello.git", "hello", null, COMMIT],
  ["github.com/ada/hello", "https://github.com/ada/hello", "hello", null, null],
  ["git.example.org:8443/ada/hello.git#dev", "https://git.example.org:8443/ada/hello.git", "hello", "dev", null],
  ["127.0.0.1:18558/alpha.git", "http://127.0.0.1:18558/alpha.git", "alpha", null, null],
  ["localhost:18558/alpha#dev", "http://localhost:18558/alpha", "alpha", "dev", null],
  ["forge:3000/ada/hello", "https://forge:3000/ada/hello", "hello", null, null],
  ["git@localhost:22/alpha.git", "git@localhost:22/alpha.git", "alpha", null, null],
  ["https://example.org/ada/hello/", "https://example.org/ada/hello", "hello", null, null],
  ["https://example.org/ada/hello.git@0123abc", "https://example.org/ada/hello.git", "hello", null, "0123abc"],
  ["https://github.com/ada/hello/tree/dev", "https://github.com/ada/hello", "hello", "dev", null],
  ["https://example.org/ada/hello.git/start.json", "https://example.org/ada/hello.git", "hello", null, null],
  ["git@example.org:ada/hello.git#dev", "git@example.org:ada/hello.git", "hello", "dev", null],
  ["ssh://git@example.org:22/ada/hello.git", "ssh://git@example.org:22/ada/hello.git", "hello", null, null],
  ["file:///srv/git/hello.git", "file:///srv/git/hello.git", "hello", null, null],
  ["https://example.org/ada/h%20i.git", "https://example.org/ada/h%20i.git", "h i", null, null],
])("%s", (text, url, name, branch, commit) => {
  expect(parseGitAddress(text)).toMatchObject({ url, name, branch, commit, login: null });
});

test.each([
  ["https://ada:s3cret@example.org/a/b", "https://example.org/a/b", { user: "ada", password: "s3cret" }],
  ["https://t0ken@example.org/a/b", "https://example.org/a/b", { user: "x-access-token", password: "t0ken" }],
])("a login is taken out of %s", (text, url, login) => {
  expect(parseGitAddress(text)).toMatchObject({ url, login });
});

test.each([
  "",
  "hello",
  "./ada/hello",
  "../hello",
  "/srv/hello",
  "ext::sh -c x",
  "git://example.org/a/b",
  "javascript://a/b",
  "-x:y",
  "github.com/ada",
  "C:\\apps\\hello",
  "d:/apps/hello",
  "https://example.org",
  "https://",
])("%p is none", (text) => {
  expect(parseGitAddress(text)).toBeNull();
});

test("an address is known as one also where it leads nowhere", () => {
  expect(["https://x", "git://a/b", "git@host:a"].map(isAddress)).toEqual([true, true, true]);
  expect(["ada/hello", "/srv/a", "hello"].map(isAddress)).toEqual([false, false, false]);
});

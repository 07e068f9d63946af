import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { resolveSource } from "../../../src/runtime/library/source.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function app(at: string): string {
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, "pinokio.js"), "module.exports = {}");
  return at;
}

test("a folder with a launcher is a source named like the folder", () => {
  using folder = temporaryFolder();
  expect(resolveSource(app(join(folder.path, "hello")), "/home")).toEqual({
    kind: "folder",
    folder: join(folder.path, "hello"),
    name: "hello",
  });
  app(join(folder.path, "mine"));
  expect(resolveSource("~/mine", folder.path).name).toBe("mine");
});

test.each([
  ["git://example.org/x.git", "source-unsupported"],
  ["https://example.org", "source-unsupported"],
  ["/nowhere/at/all", "app-invalid"],
  ["/", "app-invalid"],
  ["./here", "app-invalid"],
])("%s is refused as %s", (text, code) => {
  expect(() => resolveSource(text, "/home")).toThrow(expect.objectContaining({ code }));
});

test("a folder whose name no app can have is refused in words", () => {
  using folder = temporaryFolder();
  const at = app(join(folder.path, ".hidden"));
  expect(() => resolveSource(at, "/home")).toThrow(
    expect.objectContaining({ code: "app-invalid", message: expect.stringMatching(/"\.hidden"/) as unknown }),
  );
});

test.each([
  ["https://ada:s3cret@example.org/hello.git#dev", "https://example.org/hello.git#dev", "hello"],
  ["ada/hello@0123abc", "https://github.com/ada/hello.git@0123abc", "hello"],
  ["git@example.org:ada/.hidden", "git@example.org:ada/.hidden", "hidden"],
])("%s is a source that is written as %s", (text, written, name) => {
  expect(resolveSource(text, "/home")).toMatchObject({ kind: "git", text: written, name });
});

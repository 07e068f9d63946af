import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { fingerprintOf } from "../../../src/runtime/library/fingerprint.js";
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
    folder: join(folder.path, "hello"),
    name: "hello",
  });
  app(join(folder.path, "mine"));
  expect(resolveSource("~/mine", folder.path).name).toBe("mine");
});

test.each([
  ["https://example.org/x.git", "source-unsupported"],
  ["git@example.org:x", "source-unsupported"],
  ["/nowhere/at/all", "app-invalid"],
  ["/", "app-invalid"],
])("%s is refused as %s", (text, code) => {
  expect(() => resolveSource(text, "/home")).toThrow(expect.objectContaining({ code }));
});

test("the fingerprint changes with any script and with nothing an app makes", () => {
  using folder = temporaryFolder();
  const at = app(join(folder.path, "a"));
  const before = fingerprintOf(at);
  writeFileSync(join(at, "picture.png"), "x");
  mkdirSync(join(at, "env/lib"), { recursive: true });
  writeFileSync(join(at, "env/pyvenv.cfg"), "");
  writeFileSync(join(at, "env/lib/x.js"), "made by pip");
  expect(fingerprintOf(at)).toBe(before);
  mkdirSync(join(at, "lib"));
  writeFileSync(join(at, "lib/helper.js"), "1");
  const withHelper = fingerprintOf(at);
  expect(withHelper).not.toBe(before);
  writeFileSync(join(at, "lib/helper.js"), "2");
  expect(fingerprintOf(at)).not.toBe(withHelper);
});

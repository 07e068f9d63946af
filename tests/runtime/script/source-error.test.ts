import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { explainThrown, invalidText, lineIn, placeBelow } from "../../../src/runtime/script/source-error.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("a place in a text is told with line, column and the line itself", () => {
  const text = "{\n  a: 1\n  b\n}";
  const error = invalidText({ file: "/app/x.json", text, offset: text.indexOf("b"), what: "no comma" });
  expect(error).toMatchObject({
    code: "script-invalid",
    message: "/app/x.json:3:3: no comma",
    hint: "Correct this line: b",
    context: { file: "/app/x.json", line: "3", column: "3", source: "b" },
  });
});

test("what code threw is placed in the innermost file beside the script", () => {
  using folder = temporaryFolder();
  const [file, helper] = [join(folder.path, "start.js"), join(folder.path, "helper.js")];
  writeFileSync(helper, "\n  boom();\n");
  const error = new Error("no\nmore words");
  error.stack = `Error: no\n    at ours (/bundle.mjs:9:9)\n    at boom (${helper}:2:3)\n    at start (${file}:7:1)`;
  expect(explainThrown(error, file)).toMatchObject({
    message: `${helper}:2:3: Error: no`,
    context: { file: helper, line: "2", column: "3", source: "boom();" },
  });
});

test("of places below an app's folder its own counts before those of packages, also after a wait and behind a link", () => {
  using folder = temporaryFolder();
  const real = join(folder.path, "real");
  const link = join(folder.path, "link");
  mkdirSync(real);
  symlinkSync(real, link);
  const error = new Error("no");
  const own = "async greet (file://" + real + "/lib/a%20b.js?load=2:7:9)";
  error.stack = `Error: no\n    at node:fs:1:1\n    at f (${real}/node_modules/p/i.js:1:1)\n    at ${own}`;
  const expected = { file: join(real, "lib/a b.js"), below: "lib/a b.js", line: 7, column: 9 };
  expect(placeBelow(error, link)).toMatchObject(expected);
  error.stack = `Error: no\n    at async ${real}/lib/a b.js:7:9`;
  expect(placeBelow(error, link)).toMatchObject(expected);
  error.stack = `Error: no\n    at f (${real}/node_modules/p/i.js:1:1)`;
  expect(placeBelow(error, link)).toMatchObject({ below: "node_modules/p/i.js" });
  expect(placeBelow(error, join(folder.path, "other"))).toBeNull();
});

test("what is no error, and one from elsewhere, have the file alone", () => {
  expect(explainThrown("just words", "/app/x.js")).toMatchObject({
    message: "/app/x.js: it threw just words",
    context: { file: "/app/x.js" },
  });
  expect(explainThrown(new Error("far away"), "/app/x.js").context).toEqual({ file: "/app/x.js" });
});

test("the line of a function is where it begins, and none where two are written alike", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "x.js");
  const code = (): number => 71951;
  writeFileSync(file, `\n\nmodule.exports = ${code.toString()}\n`);
  expect(lineIn(file, code)).toEqual({ line: 3 });
  writeFileSync(file, `const other = ${code.toString()}\nmodule.exports = ${code.toString()}\n`);
  expect(lineIn(file, code)).toEqual({});
  expect(lineIn(join(folder.path, "gone.js"), code)).toEqual({});
});

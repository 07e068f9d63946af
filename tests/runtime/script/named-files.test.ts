import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { filesNamedIn, filesStartedBy } from "../../../src/runtime/script/named-files.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function appWith(...files: string[]) {
  const folder = temporaryFolder();
  mkdirSync(join(folder.path, "app/pinokio"), { recursive: true });
  for (const file of files) writeFileSync(join(folder.path, "app", file), "");
  return { ...folder, path: join(folder.path, "app"), outside: folder.path };
}

test("files that a text names are the app's own, each once", () => {
  using app = appWith("pinokio/start.js", "pinokio/a.json", "top.js");
  writeFileSync(join(app.outside, "other.js"), "");
  const text = `"start.js" 'start.js?x=1#y' \`a.json\` "../top.js" "../../other.js" "gone.js" "https://host/start.js" '/start.js'`;
  writeFileSync(join(app.path, "pinokio/pinokio.js"), text);
  expect(filesNamedIn(app.path, "pinokio/pinokio.js", "pinokio")).toEqual([
    "pinokio/start.js",
    "pinokio/a.json",
    "top.js",
  ]);
  expect(filesNamedIn(app.path, "gone.js", "")).toEqual([]);
});

test("files that steps start are those of script.start, by either name", () => {
  using app = appWith("a.js", "b.json", "c.js");
  const steps = [
    { method: "script.start", params: { uri: "a.js?x=1" } },
    { method: "script.start", params: { path: "b.json" } },
    { method: "script.stop", params: { uri: "c.js" } },
    { method: "script.start", params: { uri: "gone.js" } },
    { method: "script.start" },
    null,
  ];
  expect(filesStartedBy(steps, app.path, "")).toEqual(["a.js", "b.json"]);
});

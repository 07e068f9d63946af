import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { environmentOf, launchedAtStart, launchScriptOf } from "../../../src/runtime/library/app-environment.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function api(apps: Record<string, string>) {
  const folder = temporaryFolder();
  for (const [app, text] of Object.entries(apps)) {
    mkdirSync(join(folder.path, app), { recursive: true });
    writeFileSync(join(folder.path, app, "ENVIRONMENT"), text);
    writeFileSync(join(folder.path, app, "start.js"), "");
  }
  return folder;
}

test("an app that names a script is launched unless that is turned off; the script has to be there", () => {
  const names = "PINOKIO_SCRIPT_AUTOLAUNCH=start.js\n";
  const off = (word: string) => `${names}PINOKIO_SCRIPT_AUTOLAUNCH_ENABLED=${word}\n`;
  using folder = api({
    plain: names,
    on: off("yes"),
    other: off("perhaps"),
    no: off("No"),
    zero: off("0"),
    empty: "PINOKIO_SCRIPT_AUTOLAUNCH=\n",
    missing: "PINOKIO_SCRIPT_AUTOLAUNCH=none.js\n",
  });
  const apps = ["plain", "on", "other", "no", "zero", "empty", "missing", "nowhere"];
  const at = (app: string) => join(folder.path, app, "start.js");
  expect(launchedAtStart(folder.path, apps)).toEqual([at("plain"), at("on"), at("other")]);
  expect(launchScriptOf(folder.path, "no")).toBe(at("no"));
  expect(launchScriptOf(folder.path, "empty")).toBeNull();
});

test("the file of a launcher in a folder of its own counts", () => {
  using folder = api({ a: "X=1\n" });
  expect(environmentOf(folder.path, "a")).toEqual({ X: "1" });
  mkdirSync(join(folder.path, "a/pinokio"));
  expect(environmentOf(folder.path, "a")).toEqual({});
});

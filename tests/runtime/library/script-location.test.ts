import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { defaultItem, itemHref } from "../../../src/runtime/library/default-item.js";
import { locateScript, locationOf } from "../../../src/runtime/library/script-location.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test.each([
  ["/h/api/app/start.js", "app/start.js", "app"],
  ["/h/api/app/sub/start.js", "app/sub/start.js", "app"],
  ["/elsewhere/start.js", "/elsewhere/start.js", null],
  ["/h/api/../secret.js", "/h/secret.js", null],
  ["/h/api/..zz/start.js", "..zz/start.js", null],
  ["/h/api/.installing-app-1/start.js", ".installing-app-1/start.js", null],
  ["/h/api", "/h/api", null],
])("%s is script %s of app %s", (file, script, appId) => {
  expect(locationOf(join(file), "/h/api")).toMatchObject({ script, appId });
});

test("an app's folder stands for its default item, with its arguments", async () => {
  using folder = temporaryFolder();
  const api = join(folder.path, "api");
  mkdirSync(join(api, "hello"), { recursive: true });
  writeFileSync(join(api, "hello", "start.json"), "{}");
  const ask = () => Promise.resolve({ path: join(api, "hello/start.json"), params: { model: "x" } });
  expect(await locateScript("hello", api, ask)).toEqual({
    file: join(api, "hello/start.json"),
    script: "hello/start.json",
    appId: "hello",
    params: { model: "x" },
  });
  expect((await locateScript("hello/start.json", api, ask)).params).toBeNull();
  await expect(locateScript("hello/none.json", api, ask)).rejects.toMatchObject({ code: "script-missing" });
  await expect(locateScript("none.json", api, ask)).rejects.toMatchObject({ code: "script-missing" });
  const near = { code: "script-missing", hint: "Near to it: start.json" };
  await expect(locateScript("hello/strat.json", api, ask)).rejects.toMatchObject(near);
  const slip = { code: "app-missing", message: "No app named helo is installed", hint: "Near to it: hello" };
  await expect(locateScript("helo", api, ask)).rejects.toMatchObject(slip);
  await expect(locateScript("helo/start.json", api, ask)).rejects.toMatchObject(slip);
});

test("the first default item wins, nested ones in reading order; links elsewhere are no scripts", () => {
  const menu = [
    { text: "Docs", href: "https://example.org", default: true },
    { text: "More", menu: [{ text: "Start", href: "start.js?mode=fast#x", default: true }] },
    { text: "Other", href: "other.js", default: true },
  ];
  expect(itemHref(defaultItem(menu)!)).toEqual({ path: "start.js", query: { mode: "fast" } });
  expect(defaultItem([{ text: "Start", href: "start.js" }])).toBeNull();
});

test.each([
  ["../other/start.js", null],
  ["scripts/../../start.js", null],
  ["..", null],
  [".", null],
  ["", null],
  ["?mode=fast", null],
  ["/etc/start.js", null],
  ["~/start.js", null],
  ["javascript:start.js", null],
  ["./scripts/../start.js", "start.js"],
  ["..zz/start.js", "..zz/start.js"],
])("the menu's %s is the app's script %s", (href, path) => {
  expect(itemHref({ href })?.path ?? null).toBe(path);
});

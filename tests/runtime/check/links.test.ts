import { expect, test } from "@jest/globals";
import { linksIn } from "../../../src/runtime/check/links.js";

test("links of a menu and its sub-menus that lead into the app", () => {
  const links = linksIn([
    { text: "a", href: "start.js?run=true&mode2=x#L3", params: { cpu: true }, default: true },
    { text: "b", menu: [{ text: "c", href: "./sub/more.js" }] },
    { text: "page", href: "http://127.0.0.1:7860" },
    { text: "route", href: "/?selected=x" },
    { text: "home", href: "~/api/x/start.js" },
    { text: "out", href: "../other/start.js" },
    { text: "folder", href: "app/outputs", fs: true },
    { text: "none" },
  ]);
  expect(links).toEqual([
    { path: "start.js", params: { mode2: "x", cpu: "true" }, isDefault: true, isShown: false },
    { path: "sub/more.js", params: {}, isDefault: false, isShown: false },
    { path: "app/outputs", params: {}, isDefault: false, isShown: true },
  ]);
});

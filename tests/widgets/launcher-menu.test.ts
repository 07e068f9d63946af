import { expect, test } from "@jest/globals";
import type { MenuItem } from "../../src/runtime/protocol/apps.js";
import { AppId } from "../../src/runtime/protocol/ids.js";
import {
  findItems,
  hasDefault,
  type MenuAction,
  menuAction,
  menuText,
  startOf,
} from "../../src/widgets/launcher-menu.js";

const app = { id: AppId.parse("hello") };

test.each<[string, MenuItem, MenuAction]>([
  ["a script runs", { href: "start.js" }, { kind: "run", script: "hello/start.js", input: null }],
  ["in a folder too", { href: "./scripts/a.json" }, { kind: "run", script: "hello/scripts/a.json", input: null }],
  [
    "its parameters become texts",
    { href: "a.js?x=1", params: { on: true, list: [1, 2] } },
    { kind: "run", script: "hello/a.js", input: { x: "1", on: "true", list: "1,2" } },
  ],
  ["a web page opens", { href: "http://127.0.0.1:80/a.js" }, { kind: "open", url: "http://127.0.0.1:80/a.js" }],
  ["entries below make a group", { menu: [{ text: "x" }] }, { kind: "group", items: [{ text: "x" }] }],
  ["a file is looked at", { href: "README.md" }, { kind: "files", folder: "", file: "README.md" }],
  ["in its folder", { href: "docs/a.txt?x=1" }, { kind: "files", folder: "docs", file: "a.txt" }],
  ["a folder is looked at", { href: "outputs?fs" }, { kind: "files", folder: "outputs", file: null }],
  ["also as it is written otherwise", { href: "a.out", fs: true }, { kind: "files", folder: "a.out", file: null }],
  ["and one without a word for it", { href: "./logs/" }, { kind: "files", folder: "logs", file: null }],
  ["and that of a script", { href: "start.js?fs" }, { kind: "files", folder: "", file: "start.js" }],
  ["a file out of the app does nothing", { href: "../other/README.md" }, { kind: "none" }],
  ["a path of the whole machine does nothing", { href: "/etc/start.js" }, { kind: "none" }],
  ["a path out of the app does nothing", { href: "../other/start.js" }, { kind: "none" }],
  ["nor does one that leaves later", { href: "scripts/../../start.js" }, { kind: "none" }],
  ["a detour is left out", { href: "scripts/../start.js" }, { kind: "run", script: "hello/start.js", input: null }],
  ["code does nothing", { href: "javascript:start.js" }, { kind: "none" }],
  ["a label does nothing", { text: "Just words" }, { kind: "none" }],
])("%s", (_, item, action) => {
  expect(menuAction(item, app)).toEqual(action);
});

test.each<[string, MenuItem[], string | null]>([
  ["the default entry", [{ href: "other.js" }, { href: "go.json", default: true }], "hello/go.json"],
  ["a default entry that is nested", [{ menu: [{ href: "go.json", default: true }] }], "hello/go.json"],
  ["else the one that is called start", [{ href: "install.js" }, { href: "start.js" }], "hello/start.js"],
  ["not a default page", [{ href: "http://x", default: true }, { href: "start.json" }], "hello/start.json"],
  ["nothing when nothing starts", [{ href: "install.js" }], null],
])("what starts an app: %s", (_, menu, href) => {
  expect(startOf({ ...app, menu })?.script ?? null).toBe(href);
});

test.each([
  ["Start", "Start"],
  ["<div><b>Start</b> <i>fast</i></div>", "Start fast"],
  ["Q &amp; A &lt;x&gt;", "Q & A <x>"],
  ["<img src=x onerror=alert(1)>", "start.js"],
])("a caption in HTML is read as text: %s", (text, read) => {
  expect(menuText({ text, href: "start.js" })).toBe(read);
});

test("entries are found by words of their captions, also within groups", () => {
  const menu = [{ text: "<b>Update</b>" }, { text: "Models", menu: [{ text: "Small model" }, { text: "Tiny" }] }];
  const found = (words: string) => findItems(menu, words).map(menuText);
  expect(found(" ")).toEqual(["Update", "Models"]);
  expect(found("model")).toEqual(["Models", "Small model"]);
  expect(found("b>")).toEqual([]);
});

test("a group is known to hold what the author puts first", () => {
  expect(hasDefault([{ text: "x", menu: [{ text: "y", default: true }] }])).toBe(true);
  expect(hasDefault([{ text: "x" }])).toBe(false);
});

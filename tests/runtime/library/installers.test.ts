import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { chosenInstaller, installersOf, menuToInstallBy } from "../../../src/runtime/library/installers.js";
import type { Installer, MenuItem } from "../../../src/runtime/protocol/apps.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const pathsOf = (folder: string, menu: MenuItem[] | null): string[] =>
  installersOf(folder, menu).map(({ text, script }) => `${text}: ${script}`);

test.each<[string, MenuItem[], string[]]>([
  ["by its caption", [{ text: "<i></i> Install", href: "start.json" }], ["Install: start.json"]],
  ["by its file", [{ text: "Set up", href: "tools/install-all.js" }], ["Set up: tools/install-all.js"]],
  [
    "on any level, each once",
    [
      { text: "Install", menu: [{ text: "For CPU", href: "install_cpu.json" }] },
      { text: "For CPU", href: "./install_cpu.json" },
      { text: "Install", href: "install.js", params: { kind: "small" } },
      { text: "Install", href: "install.js?kind=large" },
    ],
    ["For CPU: install_cpu.json", "Install: install.js", "Install: install.js"],
  ],
  [
    "unless it undoes or repeats one, or tells of one",
    [
      { text: "Reinstall", href: "install.js" },
      { text: "Un-install", href: "a.js" },
      { text: "Tidy", href: "uninstall.json" },
      { text: "Again", href: "reinstall.js" },
      { text: "Installed models", href: "models.js" },
      { text: "Start", href: "start.js" },
    ],
    [],
  ],
  [
    "unless it is no script of the app",
    [
      { text: "Install guide", href: "https://example.org/install.js" },
      { text: "Install notes", href: "install.txt" },
      { text: "Install", href: "../install.js" },
      { text: "Start", href: "start.js" },
    ],
    [],
  ],
])("an entry of the menu is an install %s", (_, menu, expected) => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "install.js"), "");
  expect(pathsOf(folder.path, menu)).toEqual(expected);
});

test("where the menu names no script, one of the usual name is", () => {
  using folder = temporaryFolder();
  const without: MenuItem[] = [{ text: "Files", href: "." }];
  expect(pathsOf(folder.path, without)).toEqual([]);
  writeFileSync(join(folder.path, "install.json"), "{}");
  expect(pathsOf(folder.path, without)).toEqual(["Install: install.json"]);
  expect(pathsOf(folder.path, null)).toEqual(["Install: install.json"]);
});

const ways = (...defaults: boolean[]): Installer[] =>
  defaults.map((isDefault, index) => ({ text: "", script: `${index}.js`, params: {}, default: isDefault }));

test.each<[string, Installer[], string | undefined, string | undefined]>([
  ["none", [], undefined, undefined],
  ["the only one", ways(false), undefined, "0.js"],
  ["nobody's choice", ways(false, false), undefined, undefined],
  ["the first that is marked", ways(false, true, true), undefined, "1.js"],
  ["the wanted one", ways(false, true), "0.js", "0.js"],
])("what is run to install: %s", (_, installers, wanted, expected) => {
  expect(chosenInstaller(installers, wanted)?.script).toBe(expected);
});

test("one that is not offered is not run", () => {
  expect(() => chosenInstaller(ways(false), "start.js")).toThrow("The app has no install script start.js");
});

test("the menu is the one behind the fence, or the whole one where that fails; else why that fails is said", async () => {
  const asked: boolean[] = [];
  const menuOf = (fails: boolean[]) =>
    menuToInstallBy((fenced) => {
      asked.push(fenced);
      if (fails.includes(fenced)) return Promise.reject(new Error(fenced ? "fenced" : "broken"));
      return Promise.resolve({ title: "", description: "", iconFile: null, launcherRoot: "", menu: [] });
    });
  expect([await menuOf([]), await menuOf([true])]).toEqual([[], []]);
  await expect(menuOf([true, false])).rejects.toThrow("broken");
  expect(asked).toEqual([true, true, false, true, false]);
});

import { expect, test } from "@jest/globals";
import { resolveMenu } from "../../../src/runtime/script/menu.js";

const shown = async (menu: unknown[], running: string[] = []) => {
  const items = await resolveMenu(menu, {
    appDir: "/app",
    launcherRoot: "",
    isRunning: (path) => running.includes(path),
    args: [],
    scope: {},
  });
  return items.map(({ text }) => text);
};

test("what old launchers call a label is no entry, wherever it leads", async () => {
  const menu = [
    { when: "start.json", on: "Running", off: "Stopped", type: "label", href: "start.json" },
    { html: "Words", type: "label", href: "start.json" },
    { html: "Page", type: "link", href: "start.json" },
    { text: "Server", type: "label", href: "start.json" },
  ];
  expect(await shown(menu)).toEqual(["Page", "Server"]);
  expect(await shown(menu, ["/app/start.json"])).toEqual(["Page", "Server"]);
});

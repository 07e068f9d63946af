import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import type { AppFile } from "../../../src/runtime/protocol/app-files.js";
import type { MenuItem } from "../../../src/runtime/protocol/apps.js";
import { drawingOf } from "../../../src/widgets/parts/menu-icon.js";
import { sampleApp } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

async function menuOf(menu: MenuItem[]): Promise<HTMLElement> {
  showView((prepared) => void prepared.state.apps.push(sampleApp({ menu })));
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Hello" })).click();
  return screen.findByRole("region", { name: "Menu" });
}

test("of thousands of entries some are shown, and the others are found by their names", async () => {
  const many = Array.from({ length: 5_000 }, (_, at) => ({ text: `Entry ${at}`, href: `s${at}.js` }));
  const menu = await menuOf([...many, { text: "Models", menu: [{ text: "Tiny", href: "tiny.js" }] }]);
  const entries = () => within(menu).queryAllByRole("button");
  expect(entries()).toHaveLength(50);
  expect(within(menu).getByText("4951 more: find one by its name")).toBeTruthy();
  const field = within(menu).getByRole("searchbox", { name: "Find an entry" });
  fireEvent.change(field, { target: { value: "tiny" } });
  await waitFor(() => expect(entries().map(({ textContent }) => textContent)).toEqual(["Tiny"]));
  fireEvent.change(field, { target: { value: "nothing like it" } });
  expect(await within(menu).findByText("No entry has that in its name")).toBeTruthy();
});

test("what the author puts first is told from the others, and its group is open", async () => {
  const menu = await menuOf([
    { text: "Update", href: "update.js" },
    { text: "Open", menu: [{ text: "Web UI", href: "http://127.0.0.1:80", default: true }] },
    { text: "More", menu: [{ text: "Reset", href: "reset.js" }] },
  ]);
  const said = (name: string) => within(menu).getByRole("button", { name, hidden: true }).title;
  expect([said("Web UI"), said("Update")]).toEqual(["What the app’s author puts first", ""]);
  expect([...menu.querySelectorAll("details")].map(({ open }) => open)).toEqual([true, false]);
});

test("a group has its author's icon, and what cannot be opened is words", async () => {
  const menu = await menuOf([
    { text: "Models", icon: "fa-solid fa-layer-group", menu: [{ text: "Tiny", href: "tiny.js" }] },
    { text: "Secrets", href: "/etc/passwd" },
    { text: "Ready to go" },
  ]);
  expect(menu.querySelectorAll("summary svg")).toHaveLength(2);
  expect(within(menu).queryByRole("button", { name: /Secrets|Ready/ })).toBeNull();
  expect(within(menu).getByText("Secrets").closest("p")?.textContent).toBe("Secretscannot be opened here");
  expect(within(menu).getByText("Ready to go").closest("p")?.textContent).toBe("Ready to go");
});

const LONG = "A very long name of an app ".repeat(12).trim();

const FILE: AppFile = {
  ...{ name: "out", kind: "file", bytes: 3, files: null, at: "2026-01-01T00:00:00.000Z", isMixed: false },
  leadsTo: null,
};

test("a folder and a file of the app are shown among its files", async () => {
  showView((prepared) => {
    const entries = [
      { text: "Outputs", href: "out?fs" },
      { text: "Read me", href: "README.md" },
    ];
    prepared.state.apps.push(sampleApp({ menu: entries, title: LONG }));
    prepared.handlers["apps.files"] = ({ app, folder = "" }) => ({
      ...{ app, folder, parent: folder === "" ? null : "", unreadable: 0, isCut: false },
      own: { entries: folder === "out" ? [{ ...FILE, name: "a.png" }] : [], total: folder === "out" ? 1 : 0 },
      others: { entries: folder === "" ? [{ ...FILE, name: "README.md" }] : [], total: folder === "" ? 1 : 0 },
    });
  });
  await openTab("My Library");
  (await screen.findByRole("button", { name: LONG })).click();
  (await screen.findByRole("button", { name: "Outputs" })).click();
  await screen.findByRole("button", { name: "a.png" });
  expect(screen.getByRole("button", { name: `${LONG.slice(0, 39)}…` }).title).toBe(LONG);
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toBe("Files"));
  const inSight: (string | null)[] = [];
  // As in browsers that say when they have come there.
  Element.prototype.scrollIntoView = function scrolled() {
    inSight.push(this.getAttribute("aria-label"));
    return Promise.resolve() as never;
  };
  screen.getByRole("button", { name: "Read me" }).click();
  await screen.findByRole("button", { name: "README.md", expanded: true });
  await waitFor(() => expect(inSight.at(-1)).toBe("README.md"));
  screen.getByRole("button", { name: "Outputs" }).click();
  await screen.findByRole("button", { name: "a.png" });
  Reflect.deleteProperty(Element.prototype, "scrollIntoView");
});

test("the question of an entry is answered and left by keyboard", async () => {
  const menu = await menuOf([{ text: "Wipe", href: "wipe.js", confirm: "Really?" }]);
  const press = (name: string) => {
    const button = within(menu).getByRole("button", { name });
    button.focus();
    button.click();
  };
  press("Wipe");
  const question = await within(menu).findByRole("group", { name: "Really?" });
  // One more Enter would answer it.
  await waitFor(() => expect(document.activeElement).toBe(within(question).getByRole("button", { name: "Cancel" })));
  fireEvent.keyDown(document.activeElement!, { key: "Escape" });
  await waitFor(() => expect(within(menu).queryByRole("group")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(within(menu).getByRole("button", { name: "Wipe" })));
  press("Wipe");
  await within(menu).findByRole("group", { name: "Really?" });
  press("Cancel");
  await waitFor(() => expect(document.activeElement).toBe(within(menu).getByRole("button", { name: "Wipe" })));
});

test.each<[string, MenuItem, string | null]>([
  ["the entry's icon", { icon: "fa-solid fa-power-off", text: "Go" }, "power"],
  ["the first in a caption of HTML", { text: '<i class="fa-solid fa-plug"></i> Install' }, "plug"],
  ["not how it moves", { icon: "fa-solid fa-spin fa-circle-notch fa-rocket" }, "rocket"],
  ["none for a name we do not draw", { icon: "fa-solid fa-dragon" }, null],
  ["none for a caption alone", { text: "power-off" }, null],
])("which drawing: %s", (_, item, drawing) => {
  expect(drawingOf(item)).toBe(drawing);
});

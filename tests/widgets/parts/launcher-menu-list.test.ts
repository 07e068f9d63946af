import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
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

test.each<[string, MenuItem, string | null]>([
  ["the entry's icon", { icon: "fa-solid fa-power-off", text: "Go" }, "power"],
  ["the first in a caption of HTML", { text: '<i class="fa-solid fa-plug"></i> Install' }, "plug"],
  ["not how it moves", { icon: "fa-solid fa-spin fa-circle-notch fa-rocket" }, "rocket"],
  ["none for a name we do not draw", { icon: "fa-solid fa-dragon" }, null],
  ["none for a caption alone", { text: "power-off" }, null],
])("which drawing: %s", (_, item, drawing) => {
  expect(drawingOf(item)).toBe(drawing);
});

import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen } from "@testing-library/dom";
import { NO_WISH, WISH_KEY } from "../../src/widgets/discover/wish.js";
import { TAB_KEY } from "../../src/widgets/host.js";
import { KeptMemory } from "../../src/widgets/kept-memory.js";
import { samplePackage } from "../helpers/samples.js";
import { closeViews, openTab, showView } from "../helpers/show-view.js";

afterEach(closeViews);

/** As a page that is loaded anew: what was kept has been text in between. */
function openPage(before: { text: string }) {
  const memory = new KeptMemory(JSON.parse(before.text), (kept) => (before.text = JSON.stringify(kept)));
  return showView(undefined, undefined, { memory });
}

test("a page that is loaded anew is at the tab where it was, with what was looked for and unfolded", async () => {
  const kept = { text: "null" };
  openPage(kept);
  fireEvent.change(await screen.findByRole("searchbox"), { target: { value: "flux" } });
  await openTab("System");
  (await screen.findByRole("button", { name: "Tokens and other secrets", expanded: false })).click();
  await screen.findByRole("button", { name: "Tokens and other secrets", expanded: true });
  closeViews();

  openPage(kept);
  await screen.findByRole("tab", { name: "System", selected: true });
  await screen.findByRole("button", { name: "Tokens and other secrets", expanded: true });
  await openTab("Discover");
  expect((await screen.findByRole<HTMLInputElement>("searchbox")).value).toBe("flux");
});

test("what was fetched is not kept, and what cannot be read or is of another version is left out", () => {
  let kept: object = {};
  const memory = new KeptMemory(
    { [TAB_KEY]: 7, [WISH_KEY]: { ...NO_WISH, sort: "by colour" }, "fold models": true, "answer machine.facts {}": 1 },
    (next) => (kept = next),
  );
  expect([...memory]).toEqual([["fold models", true]]);
  memory.set("answer catalog.search {}", samplePackage());
  expect(kept).toEqual({});
  memory.set(TAB_KEY, "running");
  expect(kept).toEqual({ "fold models": true, [TAB_KEY]: "running" });
});

test("a tab that is no more gives way to the first one", async () => {
  openPage({ text: JSON.stringify({ [TAB_KEY]: "gone" }) });
  expect(await screen.findByRole("tab", { name: "Discover", selected: true })).toBeTruthy();
});

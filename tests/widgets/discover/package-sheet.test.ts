import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { samplePackage } from "../../helpers/samples.js";
import { closeViews, showView } from "../../helpers/show-view.js";

/** What jsdom does not know: everything is as wide as the test says, from the beginning. */
let width = 0;
class Sized {
  readonly #tell: () => void;
  constructor(tell: () => void) {
    this.#tell = tell;
  }
  observe(element: Element): void {
    Object.defineProperty(element, "clientWidth", { configurable: true, get: () => width });
    this.#tell();
  }
  disconnect(): void {}
  unobserve(): void {}
}

beforeEach(() => {
  Object.assign(globalThis, { ResizeObserver: Sized });
});
afterEach(() => {
  closeViews();
  Reflect.deleteProperty(globalThis, "ResizeObserver");
});

const one = samplePackage({ id: "one", name: "One", summary: "Does one thing", repository: "https://example.org/one" });

function show() {
  return showView((prepared) => {
    prepared.catalog = [one, samplePackage({ id: "two", name: "Two" })];
    prepared.handlers["catalog.info"] = ({ id }) => ({
      ...prepared.catalog.find((found) => found.id === id)!,
      similar: [],
    });
  });
}

test("where there is room, details stand beside the list, and closing goes back to the card", async () => {
  width = 1200;
  show();
  (await screen.findByRole("button", { name: "One" })).click();
  const sheet = await screen.findByRole("complementary", { name: "About One" });
  expect(within(sheet).getByRole("button", { name: "example.org/one" })).toBeTruthy();
  expect(within(screen.getByRole("article", { name: "One" })).queryByText("example.org/one")).toBeNull();
  await waitFor(() => expect(document.activeElement?.textContent).toBe("One"));

  screen.getByRole("button", { name: "Two" }).click();
  expect(await screen.findByRole("complementary", { name: "About Two" })).toBeTruthy();
  expect(screen.getAllByRole("complementary")).toHaveLength(1);
  fireEvent.keyDown(document.activeElement!, { key: "Escape" });
  await waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
  expect(document.activeElement?.getAttribute("title")).toBe("More about Two");
});

test("where there is none, they stand in the card, and Escape folds them", async () => {
  width = 300;
  show();
  (await screen.findByRole("button", { name: "One" })).click();
  const card = screen.getByRole("article", { name: "One" });
  const link = await within(card).findByRole("button", { name: "example.org/one" });
  expect(screen.queryByRole("complementary")).toBeNull();
  link.focus();
  fireEvent.keyDown(link, { key: "Escape" });
  await waitFor(() => expect(within(card).queryByRole("button", { name: "example.org/one" })).toBeNull());
  await waitFor(() => expect(card.contains(document.activeElement)).toBe(true));
});

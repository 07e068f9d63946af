import { afterEach, expect, test } from "@jest/globals";
import { waitFor, within } from "@testing-library/dom";
import { ask, fill } from "../../helpers/ask.js";
import { closeViews } from "../../helpers/show-view.js";

afterEach(closeViews);

const WINDOW = {
  id: "w",
  title: "Log in",
  await: true,
  html: '<p>Go to <a href="https://example.org/in">the page</a></p><script>window.wasRun = 1</script>',
  status: { text: "Waiting", waiting: true },
  actions: [
    { id: "done", label: "I did", payload: { a: 1 } },
    { label: "Help", type: "link", href: "https://example.org/help" },
  ],
};

test("a window has its words in a page where nothing runs, its links outside of it, and its buttons", async () => {
  const { place, opened, answered } = await ask("htmlmodal.open", WINDOW);
  const frame = within(place).getByTitle<HTMLIFrameElement>("Log in");
  expect(frame.getAttribute("sandbox")).toBe("");
  expect(frame.srcdoc.indexOf("Content-Security-Policy")).toBeLessThan(frame.srcdoc.indexOf("Go to"));
  expect(within(place).getByRole("status").textContent).toBe("Waiting");
  within(place).getByRole("button", { name: "the page" }).click();
  within(place).getByRole("button", { name: "Help" }).click();
  expect(opened).toEqual(["https://example.org/in", "https://example.org/help"]);
  within(place).getByRole("button", { name: "I did" }).click();
  expect(await answered()).toEqual({ action: "done", payload: { a: 1 } });
});

test("closed without a button it is dismissed, unless the script forbids that", async () => {
  const { place, answered } = await ask("htmlmodal.open", WINDOW);
  within(place).getByRole("button", { name: "Close" }).click();
  expect(await answered()).toEqual({ action: "dismissed" });
  closeViews();
  const { place: other } = await ask("htmlmodal.open", { ...WINDOW, dismissible: false });
  expect(within(other).queryByRole("button", { name: "Close" })).toBeNull();
});

test("a change that waits shows the whole window", async () => {
  const { place } = await ask("htmlmodal.update", { id: "w", await: true }, (sidecar) => {
    const [run] = sidecar.state.runs;
    run!.shown = { loading: null, windows: [{ id: "w", params: { ...WINDOW, title: "Changed" } }] };
  });
  expect(within(place).getByRole("heading", { name: "Changed" })).toBeTruthy();
  expect(within(place).getByRole("button", { name: "I did" })).toBeTruthy();
});

test("a modal has its links, which start scripts of the app, and closing it is the answer", async () => {
  const params = { title: "Installed", description: "Go on", menu: [{ text: "Start", href: "other.json" }] };
  const { place, sidecar, answered } = await ask("modal", params, (prepared) => {
    prepared.handlers["runs.start"] = () => ({ run: prepared.state.runs[0]!, already: false });
  });
  within(place).getByRole("button", { name: "Start" }).click();
  await waitFor(() => expect(sidecar.asked("runs.start")).toMatchObject([{ script: "hello/other.json" }]));
  within(place).getByRole("button", { name: "Close" }).click();
  expect(await answered()).toEqual({});
});

test("the text of the clipboard is pasted by the person", async () => {
  const { place, answered } = await ask("clipboard.paste", {});
  fill(within(place).getByLabelText("The text on your clipboard"), "hf_x");
  within(place).getByRole("button", { name: "Send" }).click();
  expect(await answered()).toBe("hf_x");
});

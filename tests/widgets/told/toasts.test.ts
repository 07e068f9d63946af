import { afterEach, expect, jest, test } from "@jest/globals";
import { screen, waitFor, within } from "@testing-library/dom";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(() => {
  closeViews();
  Reflect.deleteProperty(navigator, "clipboard");
});

async function running(openUrl?: (url: string) => Promise<void>) {
  const run = sampleRun();
  const view = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: [{ text: "Again", href: "again.json" }] }));
    prepared.state.runs.push(run);
    prepared.handlers["runs.start"] = () => ({ run, already: false });
  }, openUrl);
  await openTab("My Library");
  await screen.findByRole("article", { name: "Hello" });
  const tell = (kind: string, params: unknown) => view.sidecar.emit({ type: "run-told", runId: run.id, kind, params });
  return { ...view, run, tell };
}

const toasts = () => screen.getByRole("list", { name: "What apps say" });

async function startSomething(): Promise<void> {
  (await screen.findByRole("button", { name: "Hello" })).click();
  (await screen.findByRole("button", { name: "Again" })).click();
}

test("a message has its app, its words without markup, and goes by itself or when it is put away", async () => {
  const { tell } = await running();
  tell("notify", { html: "<b>Half</b> done", type: "success", duration: 40 });
  expect(await within(toasts()).findByText("Half done")).toBeTruthy();
  expect(within(toasts()).getByText("Hello")).toBeTruthy();
  await waitFor(() => expect(within(toasts()).queryByText("Half done")).toBeNull());
  tell("notify", { html: "Broken", type: "error" });
  await within(toasts()).findByText("Broken");
  within(toasts()).getByRole("button", { name: "Dismiss" }).click();
  await waitFor(() => expect(within(toasts()).queryByText("Broken")).toBeNull());
});

test("said again it is there once, and of many only the newest are", async () => {
  const { tell } = await running();
  for (let times = 0; times < 3; times++) tell("notify", { html: "same", type: "error" });
  for (let index = 0; index < 5; index++) tell("notify", { html: `number ${index}`, type: "error" });
  await within(toasts()).findByText("number 4");
  expect(within(toasts()).getAllByRole("listitem")).toHaveLength(3);
});

test("a page waits for a person's press, and goes when its script is over", async () => {
  const { tell, opened, sidecar, run } = await running();
  tell("web.open", { uri: "http://127.0.0.1:7860" });
  await within(toasts()).findByText("Wants to show you 127.0.0.1:7860");
  expect(opened).toEqual([]);
  within(toasts()).getByRole("button", { name: "Open" }).click();
  expect(opened).toEqual(["http://127.0.0.1:7860"]);
  await waitFor(() => expect(within(toasts()).queryByRole("listitem")).toBeNull());
  tell("browser.open", { uri: "https://example.org" });
  await within(toasts()).findByText("Wants to show you example.org");
  const end = { outcome: "finished", error: null, at: "2026-01-01T00:00:09.000Z" } as const;
  sidecar.emit({ type: "run-changed", run: { ...run, state: "ended", end } });
  await waitFor(() => expect(within(toasts()).queryByRole("listitem")).toBeNull());
});

test("a page that follows a person's click opens at once, one that comes after it does not", async () => {
  const { tell, opened } = await running();
  await startSomething();
  tell("web.open", { uri: "http://127.0.0.1:7860" });
  await waitFor(() => expect(opened).toEqual(["http://127.0.0.1:7860"]));
  tell("web.open", { uri: "http://127.0.0.1:7861" });
  await within(toasts()).findByText("Wants to show you 127.0.0.1:7861");
  expect(opened).toHaveLength(1);
});

test("a page that cannot be reached says why", async () => {
  const reason = new PinokioError("page-unreachable", "That is on another machine", { hint: "Ask for a tunnel" });
  const { tell } = await running(() => Promise.reject(reason));
  tell("web.open", { uri: "http://127.0.0.1:7860" });
  (await within(toasts()).findByRole("button", { name: "Open" })).click();
  expect(await within(toasts()).findByText("That is on another machine. Ask for a tunnel")).toBeTruthy();
});

test("a text is copied by a press; where the page may not, it can be read", async () => {
  const writeText = jest
    .fn<(text: string) => Promise<void>>()
    .mockRejectedValueOnce(new Error("no"))
    .mockResolvedValue();
  Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
  const { tell } = await running();
  tell("clipboard.copy", { text: "abc" });
  (await within(toasts()).findByRole("button", { name: "Copy" })).click();
  expect(await within(toasts()).findByText("This page may not use the clipboard: abc")).toBeTruthy();
  tell("clipboard.copy", { text: "abc" });
  (await within(toasts()).findByRole("button", { name: "Copy" })).click();
  expect(await within(toasts()).findByText("Copied: abc")).toBeTruthy();
  expect(writeText).toHaveBeenCalledWith("abc");
});

test("lasting notices are listed under System, and put away there", async () => {
  const { sidecar } = await running();
  const at = "2026-01-01T00:00:00.000Z";
  const notices = [
    { id: "1", level: "info", message: "A new model", from: "hello", href: "https://example.org", at, lasting: true },
    { id: "2", level: "warning", message: "Nearly full", at },
  ] as const;
  sidecar.emit({ type: "notices-changed", notices: [...notices] });
  (await screen.findByRole("button", { name: "Show all" })).click();
  const heading = await screen.findByRole("heading", { name: "Notifications" });
  const rows = within(heading.parentElement!).getAllByRole("listitem");
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    expect.stringContaining("Nearly full"),
    expect.stringContaining("A new modelhello"),
  ]);
  within(rows[1]!).getByRole("button", { name: "Dismiss" }).click();
  await waitFor(() => expect(sidecar.asked("notices.dismiss")).toEqual([{ id: "1" }]));
});

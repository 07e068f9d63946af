import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor } from "@testing-library/dom";
import notebookView from "../../src/widgets/notebook-view.js";
import { FakeModel } from "../helpers/fake-model.js";
import { bridge } from "../helpers/kernel-bridge.js";
import { MemorySidecar } from "../helpers/memory-sidecar.js";
import { sampleApp } from "../helpers/samples.js";
import "../helpers/show-view.js";

afterEach(() => document.body.replaceChildren());

const sentBy = (model: FakeModel, kind: string): number =>
  model.sent.filter(({ content }) => (content as { t: string }).t === kind).length;

function place(): HTMLElement {
  return document.body.appendChild(document.createElement("div"));
}

test("a cell shows the tabs over the kernel's comm and leaves nothing behind", async () => {
  const model = new FakeModel({ layout: {} });
  bridge(model, new MemorySidecar());
  const el = place();
  const remove = notebookView.render({ model, el });
  expect(await screen.findByText("The catalog is empty")).toBeTruthy();
  expect(el.className).toBe("pk-in-cell");
  remove();
  expect(el.children).toHaveLength(0);
  expect(model.listeners()).toBe(0);
  expect(model.sent.at(-1)?.content).toMatchObject({ t: "close" });
});

test("a view that goes leaves the channel to another one of its model: what a proxy hears ends with its view", async () => {
  const layout = {};
  const model = new FakeModel({ layout });
  bridge(model, new MemorySidecar());
  // anywidget wraps the model anew for every view.
  const proxy = () => ({ get: model.get, send: model.send, on: model.on, off: model.off });
  const remove = [place(), place()].map((el) => notebookView.render({ model: proxy(), el }));
  await waitFor(() => expect(screen.getAllByText("The catalog is empty")).toHaveLength(2));
  expect(sentBy(model, "open")).toBe(1);
  remove[0]?.();
  await waitFor(() => expect(sentBy(model, "open")).toBe(2));
  expect(sentBy(model, "close")).toBe(1);
  remove[1]?.();
  await waitFor(() => expect(sentBy(model, "close")).toBe(2));
});

test("widgets of one kernel share the channel of one of them, and go on when that one's comm ends", async () => {
  const sidecar = new MemorySidecar();
  const models = [0, 1].map(() => new FakeModel({ layout: {}, kernel: "k1", home: "" }));
  const other = new FakeModel({ layout: {}, kernel: "k2", home: "" });
  const removals = [...models, other].map((model) => {
    bridge(model, sidecar);
    return notebookView.render({ model, el: place() });
  });
  await waitFor(() => expect(screen.getAllByText("The catalog is empty")).toHaveLength(3));
  expect([...models, other].map((model) => sentBy(model, "open"))).toEqual([1, 0, 1]);
  models[0]?.trigger("comm:close");
  await waitFor(() => expect(models.map((model) => sentBy(model, "open"))).toEqual([1, 1]));
  expect(screen.queryByText("Run the setup cell to reconnect")).toBeNull();
  for (const remove of removals) remove();
});

test("a cell shows one app's page alone, until that leads elsewhere", async () => {
  const sidecar = new MemorySidecar();
  sidecar.state = { ...sidecar.state, apps: [sampleApp({ title: "Hello Server" })] };
  const model = new FakeModel({ layout: {}, view: "app", app: "hello" });
  bridge(model, sidecar);
  const remove = notebookView.render({ model, el: place() });
  expect(await screen.findByRole("heading", { name: "Hello Server" })).toBeTruthy();
  expect(screen.queryByRole("tab")).toBeNull();
  expect(screen.queryByRole("button", { name: "Back" })).toBeNull();
  // The cell that is being written keeps the keyboard.
  expect(document.activeElement).toBe(document.body);
  remove();
});

test("a cell shows the runs alone; what leads to a tab brings all of them", async () => {
  const model = new FakeModel({ layout: {}, view: "running" });
  bridge(model, new MemorySidecar());
  const remove = notebookView.render({ model, el: place() });
  expect(await screen.findByText("Nothing is running")).toBeTruthy();
  expect(screen.queryByRole("tab")).toBeNull();
  screen.getByRole("button", { name: "My Library" }).click();
  expect(await screen.findByRole("tab", { name: /My Library/, selected: true })).toBeTruthy();
  remove();
});

test("a part of a notebook without a kernel says that its own cell is to be run again", async () => {
  const model = new FakeModel({ layout: {}, view: "running" });
  model.comm_live = false;
  const remove = notebookView.render({ model, el: place() });
  expect(await screen.findByText("Run the setup cell, then this cell again")).toBeTruthy();
  remove();
});

/** The widget manager of JupyterLab, as far as it tells of its kernel. */
function manager() {
  const listeners: Record<"kernelChanged" | "statusChanged", Set<(sender: unknown, value: unknown) => void>> = {
    kernelChanged: new Set(),
    statusChanged: new Set(),
  };
  const signal = (name: keyof typeof listeners) => ({
    connect: (listener: (sender: unknown, value: unknown) => void) => void listeners[name].add(listener),
    disconnect: (listener: (sender: unknown, value: unknown) => void) => void listeners[name].delete(listener),
  });
  return {
    context: {
      sessionContext: { kernelChanged: signal("kernelChanged"), statusChanged: signal("statusChanged") },
    },
    emit: (name: keyof typeof listeners, value: unknown) => {
      for (const listener of [...listeners[name]]) listener(null, value);
    },
    listening: () => listeners.kernelChanged.size + listeners.statusChanged.size,
  };
}

const SHUT_DOWN = "The kernel was shut down";
test.each<["kernelChanged" | "statusChanged", unknown, string]>([
  ["kernelChanged", { oldValue: { id: "a" }, newValue: null }, SHUT_DOWN],
  ["kernelChanged", { oldValue: { id: "a" }, newValue: { id: "b" } }, SHUT_DOWN],
  ["statusChanged", "dead", SHUT_DOWN],
  ["statusChanged", "autorestarting", "The kernel was restarted"],
])("a kernel that ends (%s %j) is told at once, of all its widgets", async (name, value, words) => {
  const kernel = manager();
  const models = [0, 1].map(() => new FakeModel({ layout: {}, kernel: "k3", home: "" }));
  const removals = models.map((model) => {
    model.widget_manager = kernel;
    bridge(model, new MemorySidecar());
    return notebookView.render({ model, el: place() });
  });
  await waitFor(() => expect(screen.getAllByText("The catalog is empty")).toHaveLength(2));
  kernel.emit("statusChanged", "busy");
  kernel.emit("kernelChanged", { oldValue: { id: "a" }, newValue: { id: "a" } });
  kernel.emit("kernelChanged", { oldValue: null, newValue: { id: "a" } });
  expect(screen.queryByText(words)).toBeNull();
  kernel.emit(name, value);
  await waitFor(() => expect(screen.getAllByText(words)).toHaveLength(2));
  // The other widget is not asked: it went with its kernel.
  expect(sentBy(models[1]!, "open")).toBe(0);
  for (const remove of removals) remove();
  expect(kernel.listening()).toBe(0);
});

test("a notebook that was opened without a kernel says what to do", async () => {
  const model = new FakeModel({ layout: {} });
  model.comm_live = false;
  const remove = notebookView.render({ model, el: place() });
  expect(await screen.findByText("The kernel was restarted")).toBeTruthy();
  expect(screen.getByText("Run the setup cell to reconnect")).toBeTruthy();
  remove();
});

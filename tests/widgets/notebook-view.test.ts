import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor } from "@testing-library/dom";
import notebookView from "../../src/widgets/notebook-view.js";
import { FakeModel } from "../helpers/fake-model.js";
import { MemorySidecar } from "../helpers/memory-sidecar.js";
import "../helpers/show-view.js";
import type { Channel } from "../../src/runtime/client/transport.js";

afterEach(() => document.body.replaceChildren());

/** Plays the kernel's bridge: what the model sends goes to a sidecar in memory. */
function bridge(model: FakeModel, sidecar: MemorySidecar): void {
  const channels = new Map<string, Promise<Channel>>();
  let batch = 0;
  model.onSend = ({ content, buffers }) => {
    const { t, view, kinds = [] } = content as { t: string; view: string; kinds?: number[] };
    if (t === "open") {
      const listener = {
        onFrame: (frame: string | Uint8Array) => {
          const bytes = typeof frame === "string" ? new TextEncoder().encode(frame) : frame.slice();
          const kind = typeof frame === "string" ? 0 : 1;
          model.receive({ t: "frames", view, batch: batch++, kinds: [kind] }, [
            new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
          ]);
        },
        onClosed: () => undefined,
      };
      channels.set(view, sidecar.transport.open(listener));
      setTimeout(() => model.receive({ t: "opened", view }));
    }
    if (t === "frames") {
      void channels
        .get(view)
        ?.then((channel) =>
          kinds.forEach((kind, index) =>
            channel.send(kind === 0 ? new TextDecoder().decode(buffers[index]) : (buffers[index] as Uint8Array)),
          ),
        );
    }
    if (t === "close") void channels.get(view)?.then((channel) => channel.close());
  };
}

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

test("two views of a model share one channel, which outlives the first of them", async () => {
  const layout = {};
  const model = new FakeModel({ layout });
  bridge(model, new MemorySidecar());
  // anywidget wraps the model anew for every view.
  const proxy = () => ({ get: model.get, send: model.send, on: model.on, off: model.off });
  const remove = [place(), place()].map((el) => notebookView.render({ model: proxy(), el }));
  await waitFor(() => expect(screen.getAllByText("The catalog is empty")).toHaveLength(2));
  const opened = () => model.sent.filter(({ content }) => (content as { t: string }).t === "open").length;
  const closed = () => model.sent.filter(({ content }) => (content as { t: string }).t === "close").length;
  expect(opened()).toBe(1);
  remove[0]?.();
  expect(closed()).toBe(0);
  remove[1]?.();
  expect(closed()).toBe(1);
});

test("a notebook that was opened without a kernel says what to do", async () => {
  const model = new FakeModel({ layout: {} });
  model.comm_live = false;
  const remove = notebookView.render({ model, el: place() });
  expect(await screen.findByText("The kernel was restarted")).toBeTruthy();
  expect(screen.getByText("Run the setup cell to reconnect")).toBeTruthy();
  remove();
});

import { createSidecarClient, type SidecarClient } from "../runtime/client/sidecar-client.js";
import { VERSION } from "../runtime/protocol/version.js";
import { browserTimers } from "./browser-timers.js";
import { type CommModel, createCommTransport } from "./comm-transport.js";

/** What a widget manager hands a view; `get` reads a trait. */
export interface NotebookModel extends CommModel {
  get(name: string): unknown;
}

const clients = new WeakMap<object, { client: SidecarClient; views: number }>();

/** A client over the model's comm. Views of one model share it; it is closed when the last signal aborts. */
export function borrowNotebookClient(model: NotebookModel, signal: AbortSignal): SidecarClient {
  // anywidget hands every view a new proxy of its model; the layout's model behind it is the same object.
  const layout = model.get("layout");
  const key = typeof layout === "object" && layout !== null ? layout : model;
  const entry = clients.get(key) ?? { client: connectOver(model), views: 0 };
  clients.set(key, entry);
  entry.views++;
  signal.addEventListener("abort", () => {
    entry.views--;
    if (entry.views > 0) return;
    clients.delete(key);
    entry.client.close();
  });
  return entry.client;
}

const connectOver = (model: NotebookModel): SidecarClient =>
  createSidecarClient({
    transport: createCommTransport(model, browserTimers),
    timers: browserTimers,
    client: { name: "notebook", version: VERSION },
  });

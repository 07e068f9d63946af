import { createSidecarClient, type SidecarClient } from "../runtime/client/sidecar-client.js";
import type { Transport } from "../runtime/client/transport.js";
import { fromWireError, PinokioError, type WireError } from "../runtime/protocol/errors.js";
import { VERSION } from "../runtime/protocol/version.js";
import { browserTimers } from "./browser-timers.js";
import { type CommModel, createCommTransport, KERNEL_ENDED } from "./comm-transport.js";
import { onKernelEnd } from "./kernel-end.js";

/** What a widget manager hands a view; `get` reads a trait. */
export interface NotebookModel extends CommModel {
  get(name: string): unknown;
}

/** A connection through one kernel, and the models of the views on show: one of them carries it. */
interface Shared {
  client: SidecarClient;
  /** With how many views each has. anywidget hands every view a new proxy of its model. */
  models: Map<NotebookModel, number>;
  carrier: NotebookModel | null;
  forgetKernel(): void;
}

const shared = new Map<unknown, Shared>();

/** A client over a comm. Views of one kernel share it; it is closed when the last signal aborts. */
export function borrowNotebookClient(model: NotebookModel, signal: AbortSignal): SidecarClient {
  const key = connectionOf(model);
  const entry = shared.get(key) ?? connectAnew(model);
  shared.set(key, entry);
  entry.models.set(model, (entry.models.get(model) ?? 0) + 1);
  signal.addEventListener("abort", () => {
    const views = (entry.models.get(model) ?? 1) - 1;
    if (views > 0) return void entry.models.set(model, views);
    entry.models.delete(model);
    if (entry.models.size === 0) {
      if (shared.get(key) === entry) shared.delete(key);
      entry.client.close();
      entry.forgetKernel();
      return;
    }
    // What a proxy listens to ends with its view.
    if (entry.carrier === model) entry.client.retryNow();
  });
  return entry.client;
}

/** Views with the same one may share a connection: those of a kernel and home, else those of a model. */
function connectionOf(model: NotebookModel): unknown {
  const kernel = model.get("kernel");
  if (typeof kernel === "string" && kernel !== "") return `${kernel} ${String(model.get("home"))}`;
  const layout = model.get("layout");
  return typeof layout === "object" && layout !== null ? layout : model;
}

function connectAnew(first: NotebookModel): Shared {
  const gone = new Set<NotebookModel>();
  const entry: Pick<Shared, "models" | "carrier"> = { models: new Map([[first, 0]]), carrier: null };
  // When the kernel itself has ended, none of its widgets carries anything any more.
  let ended: WireError | null = null;
  const forgetKernel = onKernelEnd(first.widget_manager, (how) => (ended ??= KERNEL_ENDED[how]));
  const alive = (): NotebookModel | undefined => [...entry.models.keys()].find((model) => !gone.has(model));
  const open: Transport["open"] = async (listener) => {
    for (;;) {
      if (ended !== null) throw fromWireError(ended);
      const model = alive() ?? first;
      entry.carrier = model;
      const onClosed = (reason: WireError): void => {
        if (ended !== null) return listener.onClosed(ended);
        if (reason.code === "session-ended") gone.add(model);
        // The comm of one widget has ended; another one of the same kernel may go on.
        const goesOn = reason.code === "session-ended" && alive() !== undefined;
        listener.onClosed(goesOn ? { ...reason, code: "not-connected" } : reason);
      };
      try {
        return await createCommTransport(model, browserTimers).open({ ...listener, onClosed });
      } catch (error) {
        if (!(error instanceof PinokioError) || error.code !== "session-ended") throw error;
        gone.add(model);
        if (alive() === undefined) throw error;
      }
    }
  };
  const client = createSidecarClient({
    transport: { ...createCommTransport(first, browserTimers), open },
    timers: browserTimers,
    client: { name: "notebook", version: VERSION },
  });
  return Object.assign(entry, { client, forgetKernel });
}

import type { Channel } from "../../src/runtime/client/transport.js";
import type { FakeModel } from "./fake-model.js";
import type { MemorySidecar } from "./memory-sidecar.js";

/** Plays the kernel's bridge: what the model sends goes to a sidecar in memory. */
export function bridge(model: FakeModel, sidecar: MemorySidecar): void {
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

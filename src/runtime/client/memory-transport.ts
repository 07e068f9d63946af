import type { Frame } from "../protocol/frames.js";
import type { Channel, ChannelListener, Transport } from "./transport.js";

/** The far end of a memory transport: what a server in the same process holds. */
export interface MemoryPeer {
  send(frame: Frame): void;
  /** Ends the channel as a lost connection would. */
  drop(message: string): void;
  onFrame(receive: (frame: Frame) => void): void;
  onClosed(closed: () => void): void;
}

/** A transport without a wire, for tests and for a client in the sidecar's own process. */
export function createMemoryTransport(accept: (peer: MemoryPeer) => void): Transport {
  return {
    name: "memory",
    open: (listener: ChannelListener): Promise<Channel> => {
      let open = true;
      let receive: (frame: Frame) => void = () => undefined;
      let closed: () => void = () => undefined;
      accept({
        // Frames cross on a later turn, as they do on every other transport.
        send: (frame) => queueFrame(() => open && listener.onFrame(frame)),
        drop: (message) =>
          queueFrame(() => {
            if (!open) return;
            open = false;
            listener.onClosed({ code: "not-connected", message });
          }),
        onFrame: (receiver) => (receive = receiver),
        onClosed: (handler) => (closed = handler),
      });
      return Promise.resolve({
        send: (frame) => queueFrame(() => open && receive(frame)),
        close: () => {
          if (!open) return;
          open = false;
          closed();
        },
      });
    },
  };
}

const queueFrame = (deliver: () => void): void => void Promise.resolve().then(deliver);

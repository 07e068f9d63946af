import { URLExt } from "@jupyterlab/coreutils";
import type { ServerConnection } from "@jupyterlab/services";
import type { Channel, ChannelListener, Transport } from "../runtime/client/transport.js";
import { ERROR_CODES, type ErrorCode, fromWireError, toWireError, type WireError } from "../runtime/protocol/errors.js";
import { fetchHealth } from "./health.js";

/** Why the relay closed the WebSocket, by its number. */
const SIDECAR_GONE = 4001;
const START_FAILED = 4002;
const REFUSED = 4003;

/** Reaches the sidecar through the relay in the Jupyter server. One frame is one WebSocket message. */
export function createServerTransport(settings: ServerConnection.ISettings): Transport {
  /** How often in a row a WebSocket was kept from a server that answers: once may be a server that just came up. */
  let kept = 0;
  const refused = async (): Promise<WireError> => {
    const error = await explain(settings);
    kept = error === null ? kept + 1 : 0;
    if (error !== null) return error;
    return kept < SURELY_KEPT ? LOST : NO_WEBSOCKETS;
  };
  return {
    name: "websocket",
    open: async (listener) => {
      const channel = await openChannel(settings, listener, refused);
      kept = 0;
      return channel;
    },
  };
}

const SURELY_KEPT = 2;

const LOST: WireError = { code: "not-connected", message: "The connection to the Jupyter server was lost" };

const NO_WEBSOCKETS: WireError = {
  code: "not-connected",
  message: "The Jupyter server answers, but WebSockets do not get through to it",
  hint: "Whatever stands between this browser and Jupyter has to pass on WebSockets and the Host header; notebooks need that too",
};

function openChannel(
  settings: ServerConnection.ISettings,
  listener: ChannelListener,
  refused: () => Promise<WireError>,
): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const socket = new settings.WebSocket(socketAddress(settings));
    socket.binaryType = "arraybuffer";
    let opened = false;

    socket.onopen = () => {
      opened = true;
      resolve({
        send: (frame) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(frame as string | Uint8Array<ArrayBuffer>);
        },
        close: () => {
          socket.onclose = null;
          socket.onmessage = null;
          socket.close();
        },
      });
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      listener.onFrame(typeof data === "string" ? data : new Uint8Array(data));
    };
    socket.onclose = ({ code, reason }) => {
      const known = reasonOfClose(code, reason);
      if (opened && known !== null) return listener.onClosed(known);
      // The browser hides why a WebSocket could not be opened or just broke; the health route can say.
      if (!opened) return void refused().then((error) => reject(fromWireError(error)));
      void explain(settings).then((error) => listener.onClosed(error ?? LOST));
    };
  });
}

/** As JupyterLab does for its own sockets: cookies where the browser sends them, else the token. */
function socketAddress({ wsUrl, token, appendToken }: ServerConnection.ISettings): string {
  const address = URLExt.join(wsUrl, "pinokiocloud/ws");
  return appendToken && token !== "" ? `${address}?token=${encodeURIComponent(token)}` : address;
}

/** What the relay told with the close, or null when it was not the relay that closed. */
export function reasonOfClose(code: number, reason: string): WireError | null {
  const { 1: told, 2: message } = /^([a-z-]+): (.+)$/s.exec(reason) ?? [];
  const isCode = told !== undefined && Object.hasOwn(ERROR_CODES, told);
  switch (code) {
    case SIDECAR_GONE:
      return { code: "not-connected", message: "The sidecar ended or closed the connection" };
    case START_FAILED:
      return {
        code: isCode ? (told as ErrorCode) : "sidecar-start-failed",
        message: message ?? (reason || "The sidecar did not start"),
        hint: "The log of the Jupyter server says more",
      };
    case REFUSED:
      return {
        code: isCode ? (told as ErrorCode) : "not-authorised",
        message: message ?? (reason || "The sidecar refused the connection"),
      };
    default:
      return null;
  }
}

/** What the health route says is wrong; null where all is well. */
async function explain(settings: ServerConnection.ISettings): Promise<WireError | null> {
  try {
    return (await fetchHealth(settings)).error ?? null;
  } catch (error) {
    return toWireError(error);
  }
}

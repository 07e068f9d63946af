import { connect } from "node:net";
import { frameSocket } from "../base/frame-socket.js";
import { readToken } from "../base/token.js";
import type { Channel, ChannelListener, Transport } from "../client/transport.js";
import { fromWireError, PinokioError } from "../protocol/errors.js";
import { type AuthFrame, ServerFrame } from "../protocol/frames.js";

const OPEN_LIMIT_MS = 5_000;

/** The sidecar's own socket, for programs of the same user on the same machine. */
export function createSocketTransport(socketPath: string, tokenFile: string): Transport {
  return {
    name: "socket",
    open: (listener: ChannelListener): Promise<Channel> =>
      new Promise((resolve, reject) => {
        const token = readToken(tokenFile);
        if (token === null) {
          reject(
            new PinokioError("not-authorised", `The sidecar's token ${tokenFile} is missing or unreadable`, {
              hint: "Run `pinokiocloud up --replace` as the user who owns the home",
            }),
          );
          return;
        }
        let opened = false;
        let closedByUs = false;
        const socket = connect(socketPath);
        const frames = frameSocket(socket, {
          onFrame: (frame) => {
            if (opened || typeof frame !== "string") return listener.onFrame(frame);
            const answer = ServerFrame.parse(JSON.parse(frame));
            if (answer.t === "refused") return reject(fromWireError(answer.error));
            opened = true;
            clearTimeout(timer);
            resolve({
              send: (sent) => void frames.send(sent),
              close: () => {
                closedByUs = true;
                frames.end();
              },
            });
          },
          onClosed: (error) => {
            clearTimeout(timer);
            const why = error === null ? "it closed the connection" : error.message;
            const message = `The sidecar does not answer: ${why}`;
            if (!opened) reject(new PinokioError("not-connected", message));
            else if (!closedByUs) listener.onClosed({ code: "not-connected", message });
          },
        });
        const timer = setTimeout(() => frames.destroy(), OPEN_LIMIT_MS);
        socket.on("connect", () => frames.send(JSON.stringify({ t: "auth", token, via: "cli" } satisfies AuthFrame)));
      }),
  };
}

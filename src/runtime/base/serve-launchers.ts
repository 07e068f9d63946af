import { Socket } from "node:net";
import { basename } from "node:path";
import { toWireError } from "../protocol/errors.js";
import { type FromLauncherHost, LAUNCHER_HOST_FD, ToLauncherHost } from "../protocol/launcher.js";
import { closeFence, isFenced } from "./fence.js";
import { frameSocket } from "./frame-socket.js";

export type Reply = (message: FromLauncherHost) => void;

/**
 * Answers questions about launchers, one after the other. The code of apps runs in this process, so whatever the
 * answers need is taken hold of before any of it is loaded.
 */
export function serveLaunchers(answer: (request: ToLauncherHost, reply: Reply) => Promise<FromLauncherHost>): void {
  const channel = openChannel();
  if (channel === null) {
    process.stderr.write(`${basename(process.argv[1] ?? "")} is started by PinokioCloud\n`);
    process.exit(2);
  }
  if (isFenced()) closeFence();
  const exit = process.exit.bind(process);
  let queue = Promise.resolve();
  const reply: Reply = (message) => void frames.send(JSON.stringify(message));
  const frames = frameSocket(channel, {
    onFrame: (frame) => {
      const request = ToLauncherHost.parse(JSON.parse(String(frame)));
      const { id } = request;
      queue = queue.then(async () => {
        reply(await answer(request, reply).catch((error) => ({ id, kind: "failed", error: toWireError(error) })));
      });
    },
    onClosed: () => exit(0),
  });
  // What an app's code does after it was asked is its own affair, as long as the next app gets its answer.
  process.on("uncaughtException", () => undefined);
  process.on("unhandledRejection", () => undefined);
  reply({ kind: "ready" });
}

function openChannel(): Socket | null {
  try {
    return new Socket({ fd: LAUNCHER_HOST_FD });
  } catch {
    return null; // no such descriptor, or no socket
  }
}

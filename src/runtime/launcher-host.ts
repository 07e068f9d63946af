import { Socket } from "node:net";
import { dirname } from "node:path";
import { closeFence } from "./base/fence.js";
import { frameSocket } from "./base/frame-socket.js";
import { toWireError } from "./protocol/errors.js";
import {
  cutDescription,
  cutTexts,
  type FromLauncherHost,
  LAUNCHER_HOST_FD,
  type LauncherFacts,
  ROOM_FOR_SCRIPTS,
  ToLauncherHost,
} from "./protocol/launcher.js";
import { describeApp } from "./script/describe.js";
import { evaluateLauncher, kernelFacts } from "./script/launcher.js";

/** The code of apps runs in here, so whatever the answers need is taken hold of before any of it is loaded. */
const channel = openChannel();

if (channel === null) {
  process.stderr.write("launcher-host.mjs is started by the sidecar\n");
  process.exit(2);
}
if ("permission" in process && process.permission !== undefined) closeFence();
serve(channel);

function openChannel(): Socket | null {
  try {
    return new Socket({ fd: LAUNCHER_HOST_FD });
  } catch {
    return null; // no such descriptor, or no socket
  }
}

function serve(socket: Socket): void {
  let queue = Promise.resolve();
  const reply = (message: FromLauncherHost): void => void frames.send(JSON.stringify(message));
  const frames = frameSocket(socket, {
    onFrame: (frame) => {
      const request = ToLauncherHost.parse(JSON.parse(String(frame)));
      queue = queue.then(async () => reply(await answer(request)));
    },
    onClosed: () => process.exit(0),
  });
  // What an app's code does after it was asked is its own affair, as long as the next app gets its answer.
  process.on("uncaughtException", () => undefined);
  process.on("unhandledRejection", () => undefined);
  reply({ kind: "ready" });
}

async function answer(request: ToLauncherHost): Promise<FromLauncherHost> {
  const { id, kind, appDir } = request;
  try {
    if (kind === "menu") return { id, kind, value: cutTexts(await evaluateLauncher(appDir, request.facts)) };
    const facts = kernelFacts(factsAboutNothing(appDir), appDir);
    return { id, kind, value: cutDescription(await describeApp(appDir, facts, request), ROOM_FOR_SCRIPTS) };
  } catch (error) {
    return { id, kind: "failed", error: toWireError(error) };
  }
}

const factsAboutNothing = (appDir: string): LauncherFacts => ({
  home: dirname(dirname(appDir)),
  platform: process.platform,
  arch: process.arch,
  gpu: "none",
  scripts: {},
});

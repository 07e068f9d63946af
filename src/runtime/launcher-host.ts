import { dirname } from "node:path";
import { closeFence } from "./base/fence.js";
import { toWireError } from "./protocol/errors.js";
import { type FromLauncherHost, type LauncherFacts, ToLauncherHost } from "./protocol/launcher.js";
import { describeApp } from "./script/describe.js";
import { evaluateLauncher, kernelFacts } from "./script/launcher.js";

/** The code of apps runs in here, so whatever the answers need is taken hold of before any of it is loaded. */
const send = process.send?.bind(process);
const isFenced = "permission" in process && process.permission !== undefined;

if (send === undefined) {
  process.stderr.write("launcher-host.mjs is started by the sidecar\n");
  process.exit(2);
}
serve(send);

function serve(reply: NonNullable<typeof send>): void {
  let queue = Promise.resolve();
  process.on("message", (message: unknown) => {
    const request = ToLauncherHost.safeParse(message);
    if (!request.success) return;
    if (isFenced) closeDoors(); // not earlier: what arrived before this listener comes through them
    queue = queue.then(async () => void reply(await answer(request.data)));
  });
  process.on("disconnect", () => process.exit(0));
  // What an app's code does after it was asked is its own affair, as long as the next app gets its answer.
  process.on("uncaughtException", () => undefined);
  process.on("unhandledRejection", () => undefined);
  reply({ kind: "ready" } satisfies FromLauncherHost);
}

function closeDoors(): void {
  if (process.send === undefined) return;
  for (const name of ["send", "disconnect", "channel"]) {
    Object.defineProperty(process, name, { value: undefined, writable: false, configurable: false });
  }
  closeFence();
}

async function answer(request: ToLauncherHost): Promise<FromLauncherHost> {
  const { id, kind, appDir } = request;
  try {
    if (kind === "menu") return { id, kind, value: await evaluateLauncher(appDir, request.facts) };
    const facts = kernelFacts(factsAboutNothing(appDir), appDir);
    return { id, kind, value: await describeApp(appDir, facts, request) };
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

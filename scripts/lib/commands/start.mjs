import { spawn } from "node:child_process";
import { relative } from "node:path";
import { SetupError } from "../errors.mjs";
import { checkHost, readAddress, startJupyter } from "../jupyter.mjs";
import { jupyterLog, root } from "../paths.mjs";
import { Progress } from "../progress.mjs";
import { setUp } from "../setup/everything.mjs";
import { appsAreRunning } from "../sidecar.mjs";

const address = readAddress(process.env);
const progress = new Progress();
await setUp(progress);
await checkHost(address);

const asked = new Promise((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, resolve);
});
const jupyter = startJupyter(address);
const ready = progress.step("JupyterLab", () => jupyter.answers, "Its last words are above.");
const reason = await Promise.race([
  asked.then(() => "asked"),
  ready.then((url) => {
    console.log(`\nPinokioCloud: ${url}\n\nCtrl-C ends JupyterLab.`);
    openBrowser(url);
    return Promise.race([asked.then(() => "asked"), jupyter.ended.then(() => "by itself")]);
  }),
]);

if (reason === "asked") {
  console.log("\nEnding JupyterLab…");
  process.on("SIGINT", () => jupyter.kill()); // Ctrl-C again: at once
  await jupyter.stop();
}
if (await appsAreRunning()) console.log("Apps keep running. `scripts/pinokiocloud down` ends them.");
if (reason === "by itself") {
  throw new SetupError("JupyterLab ended by itself.", `Its last words are in ${relative(root, jupyterLog)}.`);
}
process.exit();

function openBrowser(url) {
  const hasScreen = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasScreen || !process.stdin.isTTY) return;
  const opener = spawn("xdg-open", [url], { stdio: "ignore", detached: true });
  opener.on("error", () => {}); // The URL was printed; opening it is a convenience.
  opener.unref();
}

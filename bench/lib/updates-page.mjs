// The view of what runs over a sidecar in memory, with many runs that change every second. Runs in a browser.
import { createSidecarClient } from "../../src/runtime/client/sidecar-client.js";
import { AppId, RunId } from "../../src/runtime/protocol/ids.js";
import { browserTimers } from "../../src/widgets/browser-timers.js";
import { mount } from "../../src/widgets/mount.js";
import { untranslated } from "../../src/widgets/view.js";
import { MemorySidecar } from "../../tests/helpers/memory-sidecar.js";
import { sampleApp, sampleRun } from "../../tests/helpers/samples.js";

const sidecar = new MemorySidecar();
let round = 0;

/** The last letters of an id tell its number. */
const runOf = (number) =>
  sampleRun({
    id: RunId.parse(`run_${String(number).padStart(12, "0")}`),
    appId: AppId.parse(`app-${number}`),
    script: `app-${number}/start.json`,
    state: "running",
    startedAt: new Date().toISOString(),
    step: { index: round % 5, total: 5, method: "shell.run", startedAt: new Date().toISOString() },
    local: { url: `http://127.0.0.1:${42_003 + number}` },
    shells: 1,
    outputBytes: 1_000 * round + number,
  });

/** `isShown` false: everything but the view, to know what that takes by itself. */
function open(count, isShown) {
  const runs = Array.from({ length: count }, (_, number) => runOf(number));
  sidecar.state = {
    ...sidecar.state,
    apps: runs.map(({ id, appId }, number) =>
      sampleApp({ id: appId ?? AppId.parse("app"), title: `App number ${number}`, runs: [id] }),
    ),
    runs,
  };
  sidecar.handlers["usage.now"] = () => ({
    ...sidecar.usage,
    at: new Date().toISOString(),
    runs: Object.fromEntries(
      runs.map(({ id }, number) => [
        id,
        {
          processes: 2,
          cpu: Math.abs(Math.sin(round + number)),
          memoryBytes: 1e9 * (1 + Math.abs(Math.sin(round + number))),
          gpuMemoryBytes: null,
          isGpuEstimate: false,
        },
      ]),
    ),
  });
  const client = createSidecarClient({
    transport: sidecar.transport,
    timers: browserTimers,
    client: { name: "bench", version: "0" },
  });
  if (!isShown) return void client.subscribe(() => undefined);
  const place = document.createElement("div");
  place.style.cssText = "position: fixed; inset: 0";
  document.body.append(place);
  mount(place, { client, t: untranslated, openUrl: () => Promise.resolve(), signal: new AbortController().signal });
}

/** Every run changes once a second, one after the other. */
function change(count) {
  let number = 0;
  setInterval(() => {
    if (number === 0) round++;
    sidecar.emit({ type: "run-changed", run: runOf(number) });
    number = (number + 1) % count;
  }, 1_000 / count);
}

Object.assign(globalThis, { bench: { open, change, rounds: () => round } });

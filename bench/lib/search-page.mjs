// The panel over a sidecar in memory, and how long a key takes in it. Bundled with the sources, for a browser.
import { compactPackage } from "../../src/runtime/catalog/search/compact-package.ts";
import { createSidecarClient } from "../../src/runtime/client/sidecar-client.ts";
import { browserTimers } from "../../src/widgets/browser-timers.ts";
import { mount } from "../../src/widgets/mount.tsx";
import { untranslated } from "../../src/widgets/view.ts";
import { MemorySidecar } from "../../tests/helpers/memory-sidecar.ts";

/** For each key: until the page's elements say what was found, laid out; until the frame with them was handed over. */
const keys = [];
const sidecar = new MemorySidecar();

async function open() {
  const packages = await (await fetch("packages.json")).json();
  const compact = packages.map(compactPackage);
  sidecar.handlers["catalog.here"] = () => ({
    edition: "bench",
    machine: { platform: "linux", gpu: null, diskFreeBytes: 1e11, programs: [] },
    installed: {},
    isEmpty: false,
  });
  sidecar.handlers["catalog.list"] = ({ after, most }) => ({
    edition: "bench",
    size: compact.length,
    packages: compact.slice(after, after + most),
  });
  const client = createSidecarClient({
    transport: sidecar.transport,
    timers: browserTimers,
    client: { name: "bench", version: "0" },
  });
  const place = document.createElement("div");
  place.style.cssText = "position: fixed; inset: 0";
  document.body.append(place);
  const host = { client, t: untranslated, openUrl: () => Promise.resolve(), signal: new AbortController().signal };
  mount(place, host);
}

let pressedAt = 0;
document.addEventListener("keydown", (event) => (pressedAt = event.timeStamp), true);
document.addEventListener("input", () => {
  const began = pressedAt;
  queueMicrotask(() => {
    document.querySelector(".pk-cards")?.getBoundingClientRect();
    const drawnMs = performance.now() - began;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => keys.push({ drawnMs, paintedMs: performance.now() - began });
      port2.postMessage(null);
    });
  });
});

Object.assign(globalThis, {
  bench: {
    open,
    keys,
    shown: () => [...document.querySelectorAll(".pk-cards article")].map((card) => card.getAttribute("aria-label")),
    searches: () => sidecar.asked("catalog.search").length,
    listBytes: () => JSON.stringify(sidecar.handlers["catalog.list"]({ after: 0, most: 1e9 })).length,
  },
});

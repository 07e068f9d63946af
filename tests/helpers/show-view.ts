import { configure, screen } from "@testing-library/dom";
import { createSidecarClient, type SidecarClient } from "../../src/runtime/client/sidecar-client.js";
import { VERSION } from "../../src/runtime/protocol/version.js";
import { browserTimers } from "../../src/widgets/browser-timers.js";
import { mount } from "../../src/widgets/mount.js";
import { untranslated, type ViewHost } from "../../src/widgets/view.js";
import { MemorySidecar } from "./memory-sidecar.js";

// Machines that run tests are busy; what never comes fails all the same.
configure({ asyncUtilTimeout: 15_000 });

/** The frame in jsdom, connected to a sidecar in memory. */
export interface ShownView {
  sidecar: MemorySidecar;
  client: SidecarClient;
  element: HTMLElement;
  /** Addresses the view wanted to open. */
  opened: string[];
  close(): void;
}

const shown: ShownView[] = [];

// jsdom cannot parse container queries and complains; with this in place the view adds no styles.
const noStyles = document.createElement("style");
noStyles.setAttribute("data-pinokiocloud-styles", VERSION);
document.head.append(noStyles);

export function showView(
  prepare: (sidecar: MemorySidecar) => void = () => undefined,
  openUrl: (url: string) => Promise<void> = () => Promise.resolve(),
  more: Partial<ViewHost> = {},
): ShownView {
  const sidecar = new MemorySidecar();
  prepare(sidecar);
  const client = createSidecarClient({
    transport: sidecar.transport,
    timers: browserTimers,
    client: { name: "test", version: "0.0.0" },
  });
  const element = document.createElement("div");
  document.body.append(element);
  const opened: string[] = [];
  const removed = new AbortController();
  mount(element, {
    client,
    t: untranslated,
    openUrl: (url) => {
      opened.push(url);
      return openUrl(url);
    },
    signal: removed.signal,
    ...more,
  });
  const view = {
    sidecar,
    client,
    element,
    opened,
    close: () => {
      removed.abort();
      client.close();
      element.remove();
    },
  };
  shown.push(view);
  return view;
}

/** For `afterEach`. */
export function closeViews(): void {
  for (const view of shown.splice(0)) view.close();
}

export async function openTab(name: string): Promise<void> {
  (await screen.findByRole("tab", { name: new RegExp(`^${name}`) })).click();
}

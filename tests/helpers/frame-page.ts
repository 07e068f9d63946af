import { expect } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import { listeningPorts } from "../../src/runtime/base/listening-ports.js";
import { until } from "./command-line.js";
import { answers } from "./jupyter-lab.js";

/** The tabs as a person uses them, in the side panel or under a cell. */
export interface FramePage {
  readonly root: Locator;
  goTo(tab: "Discover" | "My Library" | "Running" | "Shared Resources" | "System"): Promise<void>;
  /** The card or row of an app in the view that is shown. */
  app(title: string): Locator;
  /** Waits until something is read somewhere in the frame. */
  reads(text: string | RegExp): Promise<void>;
}

export const panelOf = (page: Page): FramePage => frameAt(page.locator("#pinokiocloud-panel"));

export const cellOf = (page: Page): FramePage => frameAt(page.locator(".jp-OutputArea .pk-in-cell"));

function frameAt(root: Locator): FramePage {
  return {
    root,
    goTo: async (tab) => {
      const button = root.getByRole("tab", { name: tab });
      await button.click();
      await root.getByRole("tab", { name: tab, selected: true }).waitFor();
    },
    app: (title) => root.getByRole("article", { name: title }),
    reads: async (text) => root.getByText(text).first().waitFor(),
  };
}

export const HELLO = "Hello Server";

const INSTALL_LIMIT_MS = 40_000;

/** Reads what would be run, agrees, and watches the installation to its end. */
export async function installHello(frame: FramePage): Promise<void> {
  await frame.goTo("Discover");
  const card = frame.app(HELLO);
  await card.getByRole("button", { name: "Install" }).click();
  const sheet = frame.root.getByRole("region", { name: `Install ${HELLO}` });
  await sheet.getByText("python server.py --port").waitFor();
  await sheet.getByText("This app's scripts run as you on this machine.").waitFor();
  await sheet.getByRole("button", { name: "Install" }).click();
  await card.getByRole("progressbar").waitFor();
  await card.getByText(/^Installing \d\/\d$/).waitFor();
  await card.getByRole("button", { name: "Start" }).waitFor({ timeout: INSTALL_LIMIT_MS });
}

/** Starts the app where it stands in the library and waits until it answers. */
export async function startHello(frame: FramePage): Promise<void> {
  await frame.goTo("My Library");
  await frame.app(HELLO).getByRole("button", { name: "Start" }).click();
  await expectServing(frame);
}

export async function expectServing(frame: FramePage): Promise<void> {
  await frame.app(HELLO).getByText("Ready").waitFor();
  await frame.app(HELLO).getByRole("button", { name: "Open" }).waitFor();
}

/** Opens the app's page in a tab of its own, counts once, and returns the page's address. */
export async function openHello(page: Page, frame: FramePage): Promise<string> {
  const opening = page.context().waitForEvent("page");
  await frame.app(HELLO).getByRole("button", { name: "Open" }).click();
  // JupyterLab asks first whether it may show the page itself; elsewhere it is opened at once.
  const asked = page.getByRole("region", { name: `Show the page of ${HELLO} here?` });
  const elsewhere = asked.getByRole("button", { name: "Open in a browser tab" });
  await Promise.race([
    opening,
    elsewhere.waitFor().then(
      () => elsewhere.click(),
      () => undefined,
    ),
  ]);
  const opened = await opening;
  const count = opened.locator("output#count");
  const before = Number(await count.textContent());
  await opened.getByRole("button", { name: "Count one more" }).click();
  await until(
    () => count.textContent(),
    (text) => Number(text) === before + 1,
  );
  const url = opened.url();
  await opened.close();
  return url;
}

/** Stops the app; "Stopped" must be true when it is said. */
export async function stopHello(frame: FramePage, url: string): Promise<void> {
  const sockets = () =>
    listeningPorts().flatMap(({ port, socket }) => (port === Number(new URL(url).port) ? socket : []));
  const own = sockets();
  expect(own).toHaveLength(1);
  expect(await answers(url)).toBe(true);
  await frame.goTo("My Library");
  await frame.app(HELLO).getByRole("button", { name: "Stop" }).click();
  await frame.app(HELLO).getByText("Stopped").waitFor();
  // An app of another test may have the port by now.
  expect(sockets()).not.toContain(own[0]);
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { type BrowserContext, chromium, type ConsoleMessage, type Page } from "playwright-core";

const OUTPUT = new URL("../output/", import.meta.url).pathname;
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const VISIBLE_LIMIT_MS = 40_000;

export interface VisitOptions {
  /** Complaints of the page that belong to what is tested: console errors and requests that fail. */
  expected?: readonly RegExp[];
  viewport?: { width: number; height: number };
}

/** One Chromium for the tests of a file. */
export interface TestBrowser extends AsyncDisposable {
  /**
   * Opens an address as somebody who was never here and lets `use` work with the page. Fails when the page complains
   * about something that is not expected; what was to be seen then is in tests/output.
   */
  visit(address: string, use: (page: Page) => Promise<void>, options?: VisitOptions): Promise<void>;
}

/** `names` are names of this machine that nobody else knows. */
export async function startBrowser(...names: string[]): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: process.env["PINOKIOCLOUD_CHROMIUM"] ?? "/usr/bin/chromium",
    headless: true,
    args: [...FLAGS, `--host-resolver-rules=${names.map((name) => `MAP ${name} 127.0.0.1`).join(",")}`],
  });
  return {
    visit: async (address, use, { expected = [], viewport = { width: 1280, height: 800 } } = {}) => {
      const context = await browser.newContext({ viewport });
      try {
        const page = await context.newPage();
        page.setDefaultTimeout(VISIBLE_LIMIT_MS);
        const complaints = listen(page, expected);
        try {
          await page.goto(address);
          await use(page);
          if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join("\n")}`);
        } catch (error) {
          throw withEvidence(error, complaints, await shootAll(context));
        }
      } finally {
        await context.close();
      }
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** Writes what a page shows into tests/output and returns the file's path. */
export async function shoot(page: Page, name: string): Promise<string> {
  mkdirSync(OUTPUT, { recursive: true });
  const path = join(OUTPUT, `${name}.png`);
  await page.screenshot({ path });
  return path;
}

async function shootAll(context: BrowserContext): Promise<string[]> {
  const name = (expect.getState().currentTestName ?? "page").replace(/\W+/g, "-").slice(0, 100);
  const shots = context.pages().map((page, index) => shoot(page, `failed-${name}-${index}`).catch(() => "no picture"));
  return Promise.all(shots);
}

function withEvidence(error: unknown, complaints: readonly string[], pictures: readonly string[]): unknown {
  if (!(error instanceof Error)) return error;
  error.message += `\nPictures: ${pictures.join(", ")}`;
  if (complaints.length > 0) error.message += `\nThe page's complaints:\n${complaints.join("\n")}`;
  return error;
}

/** Collects what a page complains about, save what is expected. */
function listen(page: Page, expected: readonly RegExp[]): string[] {
  const complaints: string[] = [];
  const add = (text: string) => {
    if (![...JUPYTERS_OWN, ...expected].some((pattern) => pattern.test(text))) complaints.push(text);
  };
  page.on("console", (message: ConsoleMessage) => {
    if (message.type() === "error") add(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => add(`thrown: ${error.message}`));
  page.on("requestfailed", (request) => add(`failed: ${request.url()} ${request.failure()?.errorText}`));
  return complaints;
}

/** What JupyterLab says by itself, without our extension. */
const JUPYTERS_OWN: readonly RegExp[] = [
  // Left behind on purpose when the page goes somewhere else.
  /^failed: .* net::ERR_ABORTED$/,
  // Its debugger asks when a notebook comes to the front, and the kernel is restarted meanwhile.
  /^console: Could not restore the debugger state: Canceled future for debug_request message/,
];

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import { startBrowser } from "../helpers/browser.js";
import { until } from "../helpers/command-line.js";
import { cellOf } from "../helpers/frame-page.js";
import { type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";
import { runCell, SETUP } from "../helpers/notebook-page.js";

const PROGRAM = new URL("../fixtures/programs/draws.py", import.meta.url).pathname;

async function startDrawing({ home }: JupyterLab): Promise<void> {
  const folder = join(home.path, "api/draws");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "start.json");
  const step = { method: "shell.run", params: { message: `python3 ${PROGRAM}`, input: true } };
  writeFileSync(file, JSON.stringify({ run: [step] }));
  void home.run("script", "run", file);
  await until(
    () => home.run("logs", "draws"),
    ({ out }) => out.includes("size"),
  );
}

/** The run's output, opened in the list of runs. */
async function openOutput(page: Page): Promise<Locator> {
  const cell = cellOf(page);
  await cell.goTo("Running");
  const row = cell.app("draws start.json");
  const button = row.getByRole("button", { name: "Output", exact: true });
  if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
  return row;
}

const rowsOf = async (row: Locator): Promise<string[]> =>
  (await row.locator(".xterm-rows > div").allTextContents()).map((text) => text.replaceAll("\u00a0", " ").trimEnd());

test("a program that draws is shown as a terminal, typed into, resized with its view, and the same after a reload", async () => {
  await using browser = await startBrowser();
  await using lab = await startJupyterLab();
  await startDrawing(lab);
  await browser.visit(lab.notebook("PinokioCloud.ipynb", [SETUP]), async (page) => {
    await runCell(page);
    const row = await openOutput(page);
    const shows = (wanted: RegExp) =>
      until(
        () => rowsOf(row),
        (lines) => wanted.test(lines.join("\n")),
      );
    // As large as its place, not as it began.
    const [, columns] = /size (\d+) by \d+/.exec((await shows(/size (?!100 by 30)\d+ by \d+/)).join("\n"))!;
    expect(Number(columns)).toBeGreaterThan(40);

    await row.locator(".xterm-screen").click();
    await page.keyboard.type("abc");
    await page.keyboard.press("Control+b");
    const before = await shows(/keys a b c 2/);
    await row.getByRole("button", { name: "Lines" }).click();
    await row.getByRole("log").waitFor();
    await row.getByRole("button", { name: "Terminal" }).click();
    await until(
      () => rowsOf(row),
      (lines) => isDeepStrictEqual(lines, before),
    );

    await page.reload();
    await runCell(page);
    await until(
      () => openOutput(page).then(rowsOf),
      (lines) => isDeepStrictEqual(lines, before),
    );

    await row.locator(".xterm-screen").click();
    await page.keyboard.type("q");
    await shows(/given back/);
  });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "@jest/globals";
import type { Locator } from "playwright-core";
import { startBrowser } from "../helpers/browser.js";
import { until } from "../helpers/command-line.js";
import { cellOf, type FramePage, panelOf } from "../helpers/frame-page.js";
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
async function openOutput(frame: FramePage): Promise<Locator> {
  await frame.goTo("Running");
  const row = frame.app("draws start.json");
  const button = row.getByRole("button", { name: "Output", exact: true });
  if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
  return row;
}

/** What can be seen: of lines that were longer the terminal hides the rest. */
async function rowsOf(row: Locator): Promise<string[]> {
  const texts = await row.locator(".xterm-rows > div").allTextContents();
  const columns = Number(/size (\d+)/.exec(texts.join("\n"))?.[1] ?? 1_000);
  return texts.map((text) => text.replaceAll("\u00a0", " ").slice(0, columns).trimEnd());
}

test("a program that draws is shown as a terminal, typed into, resized with its view, and the same after a reload", async () => {
  await using browser = await startBrowser();
  await using lab = await startJupyterLab();
  await startDrawing(lab);
  await browser.visit(lab.notebook("PinokioCloud.ipynb", [SETUP]), async (page) => {
    await runCell(page);
    const row = await openOutput(cellOf(page));
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
      () => openOutput(cellOf(page)).then(rowsOf),
      (lines) => isDeepStrictEqual(lines, before),
    );

    // Of two views the one that a person turns to decides; the other one shows the same.
    const narrow = await openOutput(panelOf(page));
    const same = (wanted: RegExp) =>
      until(
        async () => [await rowsOf(row), await rowsOf(narrow)],
        ([one, other]) => isDeepStrictEqual(one, other) && wanted.test(one!.join("\n")),
      );
    await same(/size [234]\d by \d+[^]*keys a b c 2/);
    await row.locator(".pk-terminal-place").click({ position: { x: 20, y: 20 } });
    await same(new RegExp(`size ${columns} by [^]*keys a b c 2`));
    await page.setViewportSize({ width: 1000, height: 800 });
    await same(new RegExp(`size (?!${columns})\\d+ by [^]*keys a b c 2`));

    await row.locator(".xterm-screen").click();
    await page.keyboard.type("q");
    await shows(/given back/);
  });
});

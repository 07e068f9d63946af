import type { Page } from "playwright-core";
import { until } from "./command-line.js";

export type Theme = "Light" | "Dark" | "Dark High Contrast";

/** Calls a command of JupyterLab as a person does, by its name. */
export async function callCommand(page: Page, command: string): Promise<void> {
  const input = page.locator(".lm-CommandPalette-input");
  await until(
    async () => {
      if (!(await input.isVisible())) await page.keyboard.press("Control+Shift+C");
      return input.isVisible();
    },
    (isOpen) => isOpen,
  );
  await input.fill(command);
  await page.locator(".lm-CommandPalette-item.lm-mod-active", { hasText: command }).waitFor();
  await page.keyboard.press("Enter");
}

export async function chooseTheme(page: Page, theme: Theme): Promise<void> {
  const name = `JupyterLab ${theme}`;
  const isChosen = () => page.evaluate((wanted) => document.body.dataset["jpThemeName"] === wanted, name);
  if (await isChosen()) return;
  await callCommand(page, `Use Theme: ${name}`);
  await until(isChosen, (chosen) => chosen);
  await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
}

/** Draws the edge of the panel until it is as wide. */
export async function panelWidth(page: Page, width: number): Promise<void> {
  const edge = (await page.locator("#jp-main-split-panel > .lm-SplitPanel-handle").first().boundingBox())!;
  const panel = (await page.locator("#pinokiocloud-panel").boundingBox())!;
  await page.mouse.move(edge.x + 1, 400);
  await page.mouse.down();
  await page.mouse.move(panel.x + width, 400, { steps: 4 });
  await page.mouse.up();
}

import type { Page } from "playwright-core";
import type { JupyterLab, SavedNotebook } from "./jupyter-lab.js";

/** What somebody runs in a notebook to see the tabs. */
export const SETUP = "import pinokiocloud; pinokiocloud.start()";

/** Runs a cell of the open notebook. */
export async function runCell(page: Page, index = 0): Promise<void> {
  await kernelIsIdle(page);
  await page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(".cm-content").click();
  await page.keyboard.press("Control+Enter");
}

export async function runAllCells(page: Page): Promise<void> {
  await kernelIsIdle(page);
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
}

export const kernelIsIdle = (page: Page): Promise<void> =>
  page.locator("#jp-main-statusbar").getByText("| Idle").waitFor();

export async function restartKernel(page: Page): Promise<void> {
  await page.getByRole("menuitem", { name: "Kernel", exact: true }).click();
  await page.getByRole("menuitem", { name: /^Restart Kernel…/ }).click();
  await page.getByRole("button", { name: "Confirm Kernel Restart" }).click();
  await page.locator(".jp-Dialog").waitFor({ state: "detached" });
  await kernelIsIdle(page);
}

/** Saves, and returns what the file holds then. */
export async function saveNotebook(page: Page, lab: JupyterLab, name: string): Promise<SavedNotebook> {
  const saved = page.waitForResponse(
    (response) => response.request().method() === "PUT" && response.url().includes(`/api/contents/${name}`),
  );
  await page.keyboard.press("Control+S");
  await (await saved).finished();
  return lab.readNotebook(name);
}

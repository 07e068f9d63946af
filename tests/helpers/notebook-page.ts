import type { Page } from "playwright-core";

/** What a person does in an open notebook. */
export async function runCell(page: Page, index = 0): Promise<void> {
  await kernelIs(page, "Idle");
  await page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(".cm-content").click();
  await page.keyboard.press("Control+Enter");
}

/** Waits for what the status bar says about the kernel. */
export async function kernelIs(page: Page, status: "Idle" | "Busy"): Promise<void> {
  await page.locator("#jp-main-statusbar").getByText(`| ${status}`).waitFor();
}

export async function restartKernel(page: Page): Promise<void> {
  await page.getByRole("menuitem", { name: "Kernel", exact: true }).click();
  await page.getByRole("menuitem", { name: /^Restart Kernel…/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Confirm Kernel Restart" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

export async function saveNotebook(page: Page): Promise<void> {
  await page.keyboard.press("Control+S");
}

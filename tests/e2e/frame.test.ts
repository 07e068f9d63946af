import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "../helpers/browser.js";
import { until } from "../helpers/command-line.js";
import { expectServing, HELLO, panelOf } from "../helpers/frame-page.js";
import { type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";

let browser: TestBrowser;
let lab: JupyterLab;
let address: string;
beforeAll(async () => {
  [browser, lab] = await Promise.all([startBrowser(), startJupyterLab()]);
  address = lab.address("lab", { pinokiocloud: "panel" });
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

/** Presses Tab until something of this name has the focus: no more often than somebody would who is near it. */
async function tabTo(page: Page, role: "button" | "tab", name: string, most = 20): Promise<void> {
  const wanted = page.locator("#pinokiocloud-panel :focus").and(page.getByRole(role, { name, exact: true }));
  for (let presses = 0; presses <= most; presses++) {
    if ((await wanted.count()) > 0) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach “${name}”`);
}

test("everything is reached by keyboard: the panel, its tabs, and an app from Install to Stop", async () => {
  await browser.visit(address, async (page) => {
    const panel = panelOf(page);
    await panel.app(HELLO).getByRole("button", { name: "Install" }).waitFor();
    await page.locator(".jp-Launcher").waitFor(); // takes the focus when it comes
    await page.keyboard.press("Control+Shift+C");
    await page.keyboard.type("PinokioCloud Show the panel");
    await page.keyboard.press("Enter");
    const selected = (name: string) =>
      panel.root
        .locator(":focus")
        .and(page.getByRole("tab", { name, selected: true }))
        .waitFor();
    await selected("Discover");
    await page.keyboard.press("ArrowLeft");
    await selected("System");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await selected("My Library");
    await panel.reads("Nothing installed yet");
    await page.keyboard.press("ArrowLeft");
    await selected("Discover");

    await page.keyboard.press("/"); // to the search, and Enter from there to the first that was found
    await page.keyboard.type("hello");
    await panel.app("ACE-Step").waitFor({ state: "hidden" });
    await page.keyboard.press("Enter");
    await tabTo(page, "button", "Install");
    await page.keyboard.press("Enter");
    await panel.root.getByRole("region", { name: `Install ${HELLO}` }).waitFor();
    await tabTo(page, "button", "Install");
    await page.keyboard.press("Enter");
    await panel.app(HELLO).getByRole("button", { name: "Start" }).waitFor();
    await tabTo(page, "button", "Start");
    await page.keyboard.press("Space");
    await expectServing(panel);
    await tabTo(page, "button", "Stop", 2); // the focus stays where the pressed button was
    await page.keyboard.press("Enter");
    await panel.app(HELLO).getByText("Stopped").waitFor();
    await tabTo(page, "button", "Start", 2);
  });
});

test("what is typed, a category and a filter narrow the list together, and each lets go of it", async () => {
  await browser.visit(address, async (page) => {
    const { root, app } = panelOf(page);
    const cards = root.getByRole("article");
    const names = () => cards.evaluateAll((all) => all.map((card) => card.getAttribute("aria-label") ?? ""));
    await app(HELLO).waitFor();
    await root.getByLabel("Search apps").fill("comfyui");
    await until(names, ([first]) => first === "ComfyUI");
    const found = (await names()).length;
    await root.getByRole("button", { name: /^Video/ }).click();
    await until(names, (now) => now.length > 0 && now.length < found && !now.includes("ComfyUI"));
    await root.getByRole("button", { name: /^Video/ }).click();
    await until(names, (now) => now.length === found);

    await root.getByRole("button", { name: "Filters" }).click();
    await root.getByRole("checkbox", { name: "Installed" }).check();
    await root.getByText("Nothing found for “comfyui”").waitFor();
    await root.getByRole("button", { name: "Clear filters" }).click();
    await until(names, (now) => now.length === found);
    await root.getByRole("button", { name: "Clear the search" }).click();
    await until(names, (now) => now.length > found);
  });
});

test("of ten thousand lines the last are seen, the first are reached by scrolling, and a bar stays one line", async () => {
  const app = join(lab.home.path, "api/prints");
  mkdirSync(app, { recursive: true });
  const program = [
    "import sys, time",
    "for n in range(10000): print('line', n, 'é' * 40)",
    "for n in range(1001): sys.stdout.write(f'\\r{n // 10}%|####| {n}/1000 [00:05<00:05]')",
    "print(); print('it is over', flush=True); time.sleep(600)",
  ].join("\n");
  writeFileSync(join(app, "prints.py"), program);
  const step = {
    method: "shell.run",
    params: { message: "python3 prints.py", on: [{ event: "/it is over/", done: true }] },
  };
  writeFileSync(join(app, "start.json"), JSON.stringify({ daemon: true, run: [step] }));
  await lab.home.run("script", "run", join(app, "start.json"));
  await browser.visit(address, async (page) => {
    const panel = panelOf(page);
    await panel.goTo("Running");
    const row = panel.app("prints start.json");
    await row.getByRole("button", { name: "Output", exact: true }).click();
    const log = row.getByRole("log");
    await log.getByText("it is over").waitFor();
    const text = async () => (await log.textContent()) ?? "";
    expect((await text()).match(/\d+\/1000/g)).toEqual(["1000/1000"]);
    expect(await text()).not.toContain("line 1 ");
    await until(
      async () => {
        await log.evaluate((box) => (box.scrollTop = 0));
        return text();
      },
      (now) => now.includes("line 0 é"),
    );
    await row.getByRole("button", { name: "Jump to the end" }).click();
    await until(text, (now) => now.includes("it is over"));
    expect(await log.locator("*").count()).toBeLessThan(200);
    await row.getByRole("button", { name: "Stop" }).click();
  });
});

test("two pages show the same, and nothing an app writes is run by them", async () => {
  const markup = `<img src=x onerror="window.wasRun = 1"><script>window.wasRun = 1</script>`;
  const folder = join(lab.folder, "hostile");
  cpSync(new URL("../../examples/hello-server", import.meta.url).pathname, folder, { recursive: true });
  const change = (file: string, from: RegExp, to: string) => {
    const text = readFileSync(join(folder, file), "utf8");
    expect(text).toMatch(from);
    writeFileSync(join(folder, file), text.replace(from, to));
  };
  change("pinokio.js", /"Hello Server"/, JSON.stringify(markup));
  change("pinokio.js", /"A small web page[^"]*"/, JSON.stringify(markup));
  change("pinokio.js", /"Start"/, JSON.stringify(`Start ${markup}`));
  change("install.json", /"Installed\.[^"]*"/, JSON.stringify(markup));

  await browser.visit(address, (first) =>
    browser.visit(address, async (second) => {
      const panels = [panelOf(first), panelOf(second)] as const;
      const [one, other] = panels;
      await one.goTo("Discover"); // the panel is where it was left
      await one.root.getByLabel("Search apps").fill(folder);
      await one.app("hostile").getByRole("button", { name: "Install" }).click();
      const sheet = one.root.getByRole("region", { name: `Install ${markup}` });
      await sheet.getByRole("button", { name: "Install" }).click();
      await other.goTo("My Library");
      await other
        .app(markup)
        .getByText(/^Installing/)
        .waitFor();
      await one.app(markup).getByRole("button", { name: "Start" }).waitFor();
      await one.app(markup).getByRole("button", { name: "Start" }).click();
      for (const panel of panels) await panel.app(markup).getByText("Ready").waitFor();
      await other.app(markup).getByRole("button", { name: "Stop" }).click();
      for (const panel of panels) await panel.app(markup).getByText("Stopped").waitFor();

      await other
        .app(markup)
        .getByRole("button", { name: /^More about/ })
        .click();
      await one.goTo("Running");
      await one.app(`${markup} install.json`).getByRole("button", { name: "Output" }).click();
      await one.root.getByRole("log").getByText(markup).waitFor();
      for (const page of [first, second]) {
        expect(await page.evaluate(() => "wasRun" in window)).toBe(false);
        expect(await page.locator("#pinokiocloud-panel img[src=x]").count()).toBe(0);
      }
    }),
  );
});

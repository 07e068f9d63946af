import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startBrowser, type TestBrowser } from "../helpers/browser.js";
import { until } from "../helpers/command-line.js";
import { panelOf } from "../helpers/frame-page.js";
import { type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";

let browser: TestBrowser;
let lab: JupyterLab;
beforeAll(async () => {
  [browser, lab] = await Promise.all([startBrowser(), startJupyterLab()]);
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

const keep = (path: string) => ({ method: "fs.write", params: { path, json: "{{input}}" } });

const ASK_EVERYTHING = {
  run: [
    { method: "log", params: { raw: "begin" }, when: "{{platform === 'win32'}}" },
    {
      method: "input",
      params: {
        title: "How should it run?",
        form: [
          { key: "name", title: "Name", required: true },
          { key: "token", title: "Token", type: "password" },
          { key: "size", title: "Model", type: "select", items: ["Small", "Large"] },
          { key: "fast", title: "Fast", type: "checkbox", default: true },
          { key: "picture", title: "Picture", type: "file" },
        ],
      },
    },
    { method: "local.set", params: { form: "{{input}}" } },
    { method: "fs.write", params: { path: "picture.bin", buffer: "{{local.form.picture}}" } },
    { method: "local.set", params: { "form.picture": null, "form.token": null } },
    { method: "fs.write", params: { path: "form.json", json: "{{local.form}}" } },
    { method: "notify", params: { html: "The form is <b>read</b>", type: "success" } },
    { method: "filepicker.open", params: { filetypes: [["Scripts", "*.json"]] } },
    keep("paths.json"),
    {
      method: "htmlmodal.open",
      params: {
        id: "w",
        title: "Accept the licence",
        html: "<p>Read <b>this</b></p><script>parent.wasRun = 1</script><img src=x onerror='parent.wasRun = 1'>",
        await: true,
        actions: [{ id: "yes", label: "I accept", primary: true }],
      },
    },
    keep("window.json"),
    { method: "input", params: { title: "Last question", confirm: "Go on" } },
    { method: "web.open", params: { uri: "http://127.0.0.1:9" } },
    { method: "process.wait" },
  ],
};

function installAsking(): string {
  const app = join(lab.folder, "asking");
  mkdirSync(app, { recursive: true });
  writeFileSync(
    join(app, "pinokio.js"),
    `module.exports = { title: "Asking", menu: [{ text: "Start", href: "ask.json", default: true }] }`,
  );
  writeFileSync(join(app, "ask.json"), JSON.stringify(ASK_EVERYTHING));
  return app;
}

const kept = (name: string): unknown => JSON.parse(readFileSync(join(lab.home.path, "api/asking", name), "utf8"));

test("an app asks everything: two people see it, one answers, and the panel need not be open to hear of it", async () => {
  expect((await lab.home.run("install", installAsking(), "--yes")).code).toBe(0);
  const address = lab.address("lab", { pinokiocloud: "panel" });
  // The browser says what it keeps the script's window from doing.
  const expected = [
    /Blocked script execution in 'about:srcdoc'/,
    /violates the following Content Security Policy/,
    /^failed: \S+\/x csp$/,
  ];
  await browser.visit(
    address,
    (first) =>
      browser.visit(
        address,
        async (second) => {
          const [panel, other] = [panelOf(first), panelOf(second)];
          await panel.goTo("My Library");
          await panel.app("Asking").getByRole("button", { name: "Start" }).click();
          await panel.app("Asking").getByRole("button", { name: "Waits for you" }).click();
          const ask = panel.root.getByRole("region", { name: "ask.json asks" });
          await ask.getByRole("button", { name: "Send" }).click();
          await ask.getByText("Needed").waitFor();
          await ask.getByLabel("Name").fill("ada");
          await ask.getByLabel("Token").fill("hf_hidden");
          await ask.getByLabel("Model").selectOption({ label: "Large" });
          await ask.getByLabel("Fast").uncheck();
          const picture = { name: "x.bin", mimeType: "application/octet-stream", buffer: Buffer.from([0, 255, 7]) };
          await ask.getByLabel("Picture").setInputFiles(picture);
          await ask.getByText("Ready to send: x.bin").waitFor();
          await other.goTo("Running");
          await other.root.getByLabel("Name").waitFor();
          await ask.getByRole("button", { name: "Send" }).click();
          await other.root.getByLabel("Name").waitFor({ state: "detached" });
          for (const page of [first, second]) {
            await page.getByText("Asking: The form is read").first().waitFor();
          }

          await ask.getByRole("heading", { name: "Choose a file" }).waitFor();
          await ask.getByRole("button", { name: "form.json" }).click();
          await ask.getByRole("button", { name: "Choose", exact: true }).click();
          const frame = ask.frameLocator("iframe");
          await frame.getByText("Read this").waitFor();
          await ask.getByRole("button", { name: "I accept" }).click();
          await ask.getByText("Last question").waitFor();

          await second.locator(".jp-toast-button, .jp-Toast-button").getByText("Answer").first().click();
          await other.root.getByRole("button", { name: "Go on" }).click();
          await ask.waitFor({ state: "detached" });
          await second.getByText("Asking: Wants to show you 127.0.0.1:9").first().waitFor();

          const step = (text: RegExp) => panel.root.locator(".pk-step").filter({ hasText: text });
          await step(/log.*Skipped: platform === 'win32' is not true/).waitFor();
          await step(/input.*How should it run/).waitFor();
          expect(await panel.root.locator(".pk-step").filter({ hasText: "hf_hidden" }).count()).toBe(0);
          for (const page of [first, second]) expect(await page.evaluate(() => "wasRun" in window)).toBe(false);
          await panel.root.getByRole("button", { name: "Stop" }).click();
          await panel.root.getByText("Stopped").first().waitFor();
        },
        { expected },
      ),
    { expected },
  );
  expect(kept("form.json")).toEqual({ name: "ada", size: "Large", fast: false, picture: null, token: null });
  expect([...readFileSync(join(lab.home.path, "api/asking/picture.bin"))]).toEqual([0, 255, 7]);
  expect(kept("paths.json")).toEqual({ paths: [join(lab.home.path, "api/asking/form.json")] });
  expect(kept("window.json")).toEqual({ action: "yes", payload: null });
  await until(
    () => lab.home.run("status", "--json"),
    ({ json }) => (json["runs"] as unknown[]).length === 0,
  );
});

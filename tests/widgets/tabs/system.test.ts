import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import type { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const press = async (name: string) => (await screen.findByRole("button", { name })).click();

async function openSection(name: string): Promise<HTMLElement> {
  const section = await screen.findByRole("region", { name });
  within(section).getByRole("button", { name }).click();
  return section;
}

/** As a sidecar has them: one for all apps, one of PinokioCloud. */
function withSettings(sidecar: MemorySidecar): void {
  const field = { kind: "number", key: "", optional: false, changed: false, min: 0 } as const;
  sidecar.settings = [
    {
      id: "limits",
      title: "What every app may use",
      notes: ["Empty: no limit."],
      fields: [
        {
          ...field,
          ...{ id: "everyApp.memory", label: "Memory of one app", help: "Together.", kind: "size" },
          ...{ optional: true, value: null, default: null },
        },
      ],
    },
    {
      id: "pinokiocloud",
      title: "Starting and stopping",
      notes: [],
      fields: [
        { ...field, id: "idleMinutes", label: "Minutes when idle", help: "Then it ends.", value: 30, default: 30 },
      ],
    },
  ];
}

test("the machine and the sidecar are described", async () => {
  showView();
  await openTab("System");
  for (const text of [
    "This computer",
    "Some processor · 8 cores",
    "16 GB",
    "41 GB free of 100 GB",
    "/home/ada/pinokiocloud",
  ]) {
    expect(await screen.findByText(text)).toBeTruthy();
  }
  expect(screen.getByText("Ends after 30 min without a run and a viewer")).toBeTruthy();
});

test("sections fold, say in a word what they hold, and stay as they were left", async () => {
  showView(withSettings);
  await openTab("System");
  const machine = await screen.findByRole("region", { name: "Machine" });
  within(machine).getByRole("button", { name: "Machine" }).click();
  await waitFor(() => expect(screen.queryByText("Some processor · 8 cores")).toBeNull());
  expect(within(await screen.findByRole("region", { name: "Limits" })).getByText("none set")).toBeTruthy();
  const settings = await openSection("Settings");
  expect(await within(settings).findByLabelText("Minutes when idle")).toBeTruthy();
  await openTab("Running");
  await openTab("System");
  expect(await screen.findByLabelText("Minutes when idle")).toBeTruthy();
  expect(screen.queryByText("Some processor · 8 cores")).toBeNull();
});

test("what a platform keeps and forbids is told by topic, with its date", async () => {
  showView((sidecar) => {
    sidecar.machine = {
      ...sidecar.machine,
      platformLabel: "Some Cloud",
      vault: "/mnt/drive",
      rules: [
        { about: "forbidden", text: "Public links.", asOf: "November 2026" },
        { about: "session", text: "It ends at night.", asOf: null },
      ],
      policy: { id: "cloud-1", text: "Work in the notebook.", asOf: "November 2026", href: "https://example.org/faq" },
    };
  });
  await openTab("System");
  const platform = await screen.findByRole("region", { name: "Platform and its rules" });
  expect(within(platform).getByText("Some Cloud")).toBeTruthy();
  expect([...platform.querySelectorAll("dt")].map(({ textContent }) => textContent)).toEqual([
    "Files",
    "Session",
    "Not allowed",
  ]);
  expect(platform.textContent).toContain("Public links. As of November 2026.");
  expect(platform.textContent).toContain("What lasts here is /mnt/drive.");
  expect(within(platform).getByRole("group", { name: "What the platform allows" }).textContent).toContain(
    "Work in the notebook.",
  );
});

test("where no rules are known, that is said", async () => {
  showView();
  await openTab("System");
  expect(await screen.findByText("No other rules of this place are known to PinokioCloud.")).toBeTruthy();
});

test("limits: who sees to them, which apps have some, and what holds for every app", async () => {
  const { sidecar } = showView((prepared) => {
    withSettings(prepared);
    const app = sampleApp({ settings: { memory: "2 GB" } });
    prepared.state.apps.push(app);
    prepared.limits.apps = [
      { app: AppId.parse("hello"), settings: { memory: "2 GB", disk: "20 GB" }, diskUsedBytes: 1024 ** 3 },
    ];
  });
  await openTab("System");
  const limits = await openSection("Limits");
  expect(await within(limits).findByText("for 1 app")).toBeTruthy();
  expect(await within(limits).findByText("the system lets an app use no more than it may")).toBeTruthy();
  expect(within(limits).getByText("looked at every 3 s: an app beyond its limit yields to all others")).toBeTruthy();
  expect(within(limits).getByText("2 GB of memory · 1 GB of 20 GB of the disk")).toBeTruthy();

  const memory = within(limits).getByLabelText("Memory of one app");
  fireEvent.change(memory, { target: { value: "lots" } });
  const apply = await within(limits).findByRole("button", { name: "Apply" });
  expect(apply.title).toBe("Correct Memory of one app first");
  fireEvent.change(memory, { target: { value: "8 GB" } });
  await waitFor(() => expect(apply.getAttribute("aria-disabled")).toBeNull());
  apply.click();
  expect(await within(limits).findByText("Applied")).toBeTruthy();
  expect(sidecar.asked("settings.set")).toEqual([
    { changes: [{ field: "everyApp.memory", value: "8 GB", before: null }] },
  ]);
  expect(await within(limits).findByText("for every app")).toBeTruthy();
});

test("a setting is saved, taken back, and refused with the reason", async () => {
  const { sidecar } = showView(withSettings);
  await openTab("System");
  const settings = await openSection("Settings");
  const minutes = () => within(settings).getByLabelText<HTMLInputElement>("Minutes when idle");
  fireEvent.change(await within(settings).findByLabelText("Minutes when idle"), { target: { value: "5" } });
  (await within(settings).findByRole("button", { name: "Apply" })).click();
  const undo = await within(settings).findByRole("button", { name: "Undo" });
  expect(minutes().value).toBe("5");
  undo.click();
  await waitFor(() => expect(minutes().value).toBe("30"));
  expect(sidecar.asked("settings.set").map(({ changes }) => changes)).toEqual([
    [{ field: "idleMinutes", value: 5, before: 30 }],
    [{ field: "idleMinutes", value: 30, before: 5 }],
  ]);

  sidecar.handlers["settings.set"] = () => {
    throw new PinokioError("file-changed", "It has been changed meanwhile");
  };
  fireEvent.change(minutes(), { target: { value: "7" } });
  (await within(settings).findByRole("button", { name: "Apply" })).click();
  expect(await within(settings).findByText("It has been changed meanwhile")).toBeTruthy();
  expect(minutes().value).toBe("7");
});

test("a token is given and forgotten, and never shown", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.handlers["config.secrets"] = () => [
      { name: "API_KEY", apps: [AppId.parse("hello")], setFor: [AppId.parse("hello")], isSet: true },
    ];
    prepared.handlers["config.setSecrets"] = ({ values }) => ({ names: Object.keys(values) });
  });
  await openTab("System");
  const section = await openSection("Tokens and other secrets");
  const rows = await within(section).findAllByRole("listitem");
  expect(rows.map((row) => row.querySelector("code")?.textContent)).toEqual(["API_KEY", "HF_TOKEN"]);
  expect(within(rows[0]!).getByText("Set · for hello")).toBeTruthy();
  within(rows[0]!).getByRole("button", { name: "Forget" }).click();
  await waitFor(() => expect(sidecar.asked("config.setSecrets")).toEqual([{ values: { API_KEY: null } }]));
  within(rows[1]!).getByRole("button", { name: "Set" }).click();
  const field = await within(rows[1]!).findByLabelText<HTMLInputElement>("Value of HF_TOKEN");
  expect(field.type).toBe("password");
  fireEvent.change(field, { target: { value: " hf_abc " } });
  within(rows[1]!).getByRole("button", { name: "Save" }).click();
  await waitFor(() => expect(sidecar.asked("config.setSecrets")).toContainEqual({ values: { HF_TOKEN: "hf_abc" } }));
  await waitFor(() => expect(screen.queryByLabelText("Value of HF_TOKEN")).toBeNull());
});

test("addresses: none is open to others until a script has opened one", async () => {
  const { sidecar, opened } = showView((prepared) => {
    prepared.state.runs.push(sampleRun({ state: "ready", local: { url: "http://127.0.0.1:7860" } }));
  });
  await openTab("System");
  const section = await openSection("Addresses and tunnels");
  expect(within(section).getByText("no tunnel")).toBeTruthy();
  expect(within(section).getByText(/^No tunnel is open\. PinokioCloud opens none by itself/)).toBeTruthy();
  within(section).getByRole("button", { name: "http://127.0.0.1:7860" }).click();
  expect(opened).toEqual(["http://127.0.0.1:7860"]);

  const share = { cloudflare: { "http://127.0.0.1:7860": "https://some-words.trycloudflare.com" } };
  const run = sampleRun({ state: "ready", local: { url: "http://127.0.0.1:7860", $share: share } });
  sidecar.emit({ type: "run-changed", run });
  expect(await within(section).findByText("1 open to others")).toBeTruthy();
  expect(within(section).getByRole("button", { name: "https://some-words.trycloudflare.com" })).toBeTruthy();
  expect(within(section).queryByText(/^No tunnel is open/)).toBeNull();
});

test("the report is shown before it is copied, and selected where copying is forbidden", async () => {
  const error = { code: "step-failed", message: "It broke\nin two" } as const;
  const end = { at: "2026-01-31T04:12:00.000Z", outcome: "failed", error } as const;
  const failed = sampleRun({ id: RunId.parse("run_000000failed"), script: "hello/broken.json", state: "ended", end });
  showView((prepared) => {
    prepared.state.runs.push(sampleRun({ local: { token: "s3cret" } }), failed);
    prepared.state.apps.push(sampleApp({ repository: "https://ada:s3cret@example.org/hello.git" }));
  });
  await openTab("System");
  await press("Copy report");
  expect(await screen.findByText("Selected: copy it with the keyboard")).toBeTruthy();
  const report = String(getSelection());
  expect(report).toContain("Home: /home/ada/pinokiocloud\n");
  expect(report).toContain("Disk: 41 GB free of 100 GB at /home/ada\n");
  expect(report).toContain(`Runs: ${sampleRun().script} (${sampleRun().state})\n`);
  expect(report).toContain(`Failed: hello/broken.json of ${failed.startedAt}: step-failed: It broke in two\n`);
  expect(report).toMatch(/^App: [\w-]+, [\w-]+, https:\/\/example\.org\/hello\.git$/m);
  expect(report).not.toContain("s3cret");
});

test("stopping everything names the loss and asks first", async () => {
  const { sidecar } = showView((prepared) => prepared.state.runs.push(sampleRun()));
  await openTab("System");
  await press("Stop everything");
  expect(sidecar.asked("sidecar.down")).toEqual([]);
  await press("Cancel");
  await press("Stop everything");
  await press("Stop 1 running script and PinokioCloud");
  await waitFor(() => expect(sidecar.asked("sidecar.down")).toHaveLength(1));
  sidecar.end("Everything was stopped", true);
  expect(await screen.findByText("Everything was stopped")).toBeTruthy();
  await press("Start");
  await waitFor(() => expect(screen.queryByText("Everything was stopped")).toBeNull());
});

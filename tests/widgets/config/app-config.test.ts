import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import type { ConfigField, ConfigForm } from "../../../src/runtime/protocol/config.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import type { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const APP = AppId.parse("hello");

const field = (key: string, change: Partial<ConfigField>): ConfigField => ({
  id: `ENVIRONMENT#${key}`,
  key,
  label: key,
  help: "",
  kind: "text",
  value: null,
  changed: false,
  optional: true,
  ...change,
});

const FIELDS = [
  field("STEPS", { kind: "number", value: 20, min: 1, max: 150, default: 10, changed: true, label: "Steps" }),
  field("FAST", { kind: "switch", value: false }),
  field("DTYPE", { kind: "choice", value: "fp16", choices: [{ value: "fp16", label: "fp16" }], open: true }),
  field("API_KEY", { kind: "secret", isSet: true }),
  field("PORT", { kind: "port", value: 80, whole: true, min: 1, max: 65_535 }),
];

const formOf = (fields: ConfigField[], change: Partial<ConfigForm> = {}): ConfigForm => ({
  app: APP,
  sections: [
    {
      id: "ENVIRONMENT",
      title: "Variables",
      kind: "variables",
      file: "ENVIRONMENT",
      notes: [],
      problem: null,
      fields,
      others: 0,
      hasText: true,
      takesMore: true,
    },
  ],
  presets: [],
  outdated: [],
  canUndo: false,
  ...change,
});

const DONE = { changed: ["STEPS"], warnings: [], outdated: [], restarted: [] };

async function openConfig(
  prepare: (sidecar: MemorySidecar) => void,
): Promise<{ sidecar: MemorySidecar; part: HTMLElement }> {
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.handlers["config.form"] = () => formOf(FIELDS);
    prepared.handlers["config.check"] = () => ({ problem: null, warning: null });
    prepare(prepared);
  });
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Hello" })).click();
  const part = await screen.findByRole("region", { name: "Configure" });
  within(part).getByRole("button", { name: "Show its settings" }).click();
  return { sidecar, part };
}

const type = (part: HTMLElement, label: string, value: string): void =>
  void fireEvent.change(within(part).getByLabelText(label), { target: { value } });

const press = (part: HTMLElement, name: string): void => within(part).getByRole("button", { name }).click();

test("each kind has its control, what is wrong is said as it is typed, and only what was changed is sent", async () => {
  const { sidecar, part } = await openConfig((prepared) => {
    prepared.handlers["config.set"] = () => DONE;
  });
  expect(await within(part).findByLabelText("Steps")).toHaveProperty("value", "20");
  expect(within(part).getByText("Default: 10")).toBeTruthy();
  expect(within(part).getByLabelText("FAST")).toHaveProperty("checked", false);
  expect(within(part).getByLabelText("API_KEY")).toHaveProperty("type", "password");
  expect(within(part).queryByRole("button", { name: "Apply" })).toBeNull();

  type(part, "Steps", "500");
  expect(await within(part).findByText("A number from 1 to 150 is needed")).toBeTruthy();
  expect(within(part).getByRole("button", { name: "Apply" }).title).toBe("Correct Steps first");
  type(part, "Steps", "30");
  within(part).getByLabelText("FAST").click();
  type(part, "API_KEY", "new-secret");
  type(part, "PORT", "81");
  type(part, "PORT", "80");
  expect(await within(part).findByText("3 changes")).toBeTruthy();
  press(part, "Apply");
  await waitFor(() => expect(within(part).queryByRole("button", { name: "Apply" })).toBeNull());
  expect(sidecar.asked("config.set")).toEqual([
    {
      app: "hello",
      changes: [
        { field: "ENVIRONMENT#STEPS", value: 30, before: 20 },
        { field: "ENVIRONMENT#FAST", value: true, before: false },
        { field: "ENVIRONMENT#API_KEY", value: "new-secret" },
      ],
      restart: false,
    },
  ]);
  expect(within(part).getByLabelText("API_KEY")).toHaveProperty("value", "");
});

test("what another viewer changes is seen at once, and beside what is typed here", async () => {
  let steps = 20;
  const { sidecar, part } = await openConfig((prepared) => {
    prepared.handlers["config.form"] = () =>
      formOf([field("STEPS", { kind: "number", value: steps }), field("FAST", {})]);
    prepared.handlers["config.set"] = () => {
      throw new PinokioError("file-changed", "STEPS has been changed meanwhile");
    };
  });
  await within(part).findByLabelText("STEPS");
  steps = 40;
  sidecar.emit({ type: "config-changed", appId: APP });
  await waitFor(() => expect(within(part).getByLabelText("STEPS")).toHaveProperty("value", "40"));
  type(part, "STEPS", "50");
  steps = 60;
  press(part, "Apply");
  expect(await within(part).findByText("STEPS has been changed meanwhile")).toBeTruthy();
  expect(await within(part).findByText("It has been changed meanwhile, to 60")).toBeTruthy();
  expect(within(part).getByLabelText("STEPS")).toHaveProperty("value", "50");
});

test("an app that runs with settings of before can be started again, or with the change", async () => {
  const run = sampleRun({ id: RunId.parse("run_000000000007") });
  const { sidecar, part } = await openConfig((prepared) => {
    prepared.state.runs.push(run);
    prepared.handlers["config.form"] = () => formOf(FIELDS, { outdated: [run.id] });
    prepared.handlers["config.restart"] = () => ({ restarted: [] });
    prepared.handlers["config.set"] = () => ({ ...DONE, warnings: ["PORT: Port 81 is taken by another program"] });
  });
  expect(await within(part).findByText("It runs with settings of before.")).toBeTruthy();
  press(part, "Restart");
  await waitFor(() => expect(sidecar.asked("config.restart")).toEqual([{ app: "hello" }]));
  type(part, "PORT", "81");
  press(part, "Apply and restart");
  expect(await within(part).findByText("PORT: Port 81 is taken by another program")).toBeTruthy();
  expect(sidecar.asked("config.set")).toMatchObject([{ restart: true }]);
});

test("the text is saved as of the version it was made from, and history offers what can be undone", async () => {
  const { sidecar, part } = await openConfig((prepared) => {
    prepared.handlers["config.text"] = () => ({ text: "A_KEY=«secret A_KEY»\n", version: "v1" });
    prepared.handlers["config.setText"] = () => DONE;
    prepared.handlers["config.history"] = () => [
      {
        id: "e2",
        at: "2026-01-01T00:00:00.000Z",
        kind: "set",
        of: null,
        undone: false,
        canUndo: true,
        changes: [{ field: "f", key: "STEPS", before: 1, after: 2 }],
      },
      {
        id: "e1",
        at: "2026-01-01T00:00:00.000Z",
        kind: "set",
        of: null,
        undone: false,
        canUndo: false,
        changes: [{ field: "g", key: "API_KEY", secret: true }],
      },
    ];
    prepared.handlers["config.undo"] = () => DONE;
  });
  await within(part).findByLabelText("Steps");
  press(part, "Text");
  const text = await within(part).findByLabelText("Text of ENVIRONMENT");
  expect(within(part).getByText(/stands for a secret/)).toBeTruthy();
  fireEvent.change(text, { target: { value: "A_KEY=«secret A_KEY»\nB=1\n" } });
  press(part, "Save");
  await waitFor(() =>
    expect(sidecar.asked("config.setText")).toEqual([
      { app: "hello", section: "ENVIRONMENT", text: "A_KEY=«secret A_KEY»\nB=1\n", version: "v1" },
    ]),
  );
  press(part, "History");
  expect(await within(part).findByText("1 → 2")).toBeTruthy();
  expect(within(part).getAllByRole("button", { name: "Undo" })).toHaveLength(1);
  press(part, "Undo");
  await waitFor(() => expect(sidecar.asked("config.undo")).toEqual([{ app: "hello", entry: "e2" }]));
});

test("presets are kept, applied with what they could not do, and removed", async () => {
  let presets = [{ name: "Fast", at: "2026-01-01T00:00:00.000Z", count: 5 }];
  const { sidecar, part } = await openConfig((prepared) => {
    prepared.handlers["config.form"] = () => formOf(FIELDS, { presets });
    prepared.handlers["config.applyPreset"] = () => ({ ...DONE, warnings: ["1 of its settings is not here"] });
    prepared.handlers["config.removePreset"] = () => ({});
    prepared.handlers["config.savePreset"] = ({ name, app }) => ({ name, app, at: "", values: {} });
  });
  await within(part).findByLabelText("Steps");
  press(part, "Presets");
  (await within(part).findByRole("button", { name: "Apply" })).click();
  expect(await within(part).findByText("1 of its settings is not here")).toBeTruthy();
  type(part, "Name of the preset", " Slow ");
  press(part, "Keep as it is now");
  await waitFor(() => expect(sidecar.asked("config.savePreset")).toEqual([{ app: "hello", name: "Slow" }]));
  presets = [];
  press(part, "Remove Fast");
  sidecar.emit({ type: "config-changed", appId: APP });
  expect(await within(part).findByText(/keeps every setting but secrets/)).toBeTruthy();
});

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { changeSettings, settingsForm } from "../../../src/runtime/config/settings-form.js";
import { SettingsFile } from "../../../src/runtime/config/settings-file.js";
import { resolveSettings, SettingsSpec } from "../../../src/runtime/config/settings.js";
import type { ConfigValue } from "../../../src/runtime/protocol/config.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function settings(text?: string) {
  const folder = temporaryFolder();
  const file = join(folder.path, "settings.json");
  if (text !== undefined) writeFileSync(file, text);
  return {
    file,
    field: (id: string) =>
      settingsForm(file, {})
        .sections.flatMap(({ fields }) => fields)
        .find((one) => one.id === id),
    set: (values: Record<string, ConfigValue>) =>
      changeSettings(
        file,
        Object.entries(values).map(([field, value]) => ({ field, value })),
      ),
    whole: () => JSON.parse(readFileSync(file, "utf8")) as unknown,
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("every setting that is read has a field, with what is usual", () => {
  using made = settings();
  const shown = settingsForm(made.file, {}).sections.flatMap(({ fields }) => fields);
  const names = new Set(shown.map(({ id }) => id.split(".")[0]));
  expect(Object.keys(SettingsSpec.shape).filter((name) => !names.has(name))).toEqual(["apps"]);
  expect(shown.filter(({ changed }) => changed)).toEqual([]);
  expect(shown.every(({ label, help }) => label !== "" && /\.$/.test(help))).toBe(true);
  expect(made.field("idleMinutes")).toMatchObject({ value: 30, default: 30 });
});

test("what is written is shown, and one start's environment is told of", () => {
  using made = settings('{ "idleMinutes": 5, "linkLocalApps": ["a", "b"], "everyApp": { "memory": "8 GB" } }');
  expect(made.field("idleMinutes")).toMatchObject({ value: 5, changed: true });
  expect(made.field("linkLocalApps")?.value).toBe("a\nb");
  expect(made.field("everyApp.memory")?.value).toBe("8 GB");
  const [idle] = settingsForm(made.file, { PINOKIOCLOUD_IDLE_MINUTES: "0" })
    .sections.flatMap(({ fields }) => fields)
    .filter(({ id }) => id === "idleMinutes");
  expect(idle?.help).toContain("PINOKIOCLOUD_IDLE_MINUTES says 0");
});

test("a change keeps the rest; what is as usual or nothing is not written", () => {
  using made = settings('{ "note": "mine", "apps": { "demo": { "cpu": 1 } } }');
  made.set({ idleMinutes: 0, "everyApp.memory": "8 GB", "everyApp.nice": 3, linkLocalApps: " demo \n\nother" });
  expect(made.whole()).toEqual({
    note: "mine",
    apps: { demo: { cpu: 1 } },
    idleMinutes: 0,
    everyApp: { memory: "8 GB", nice: 3 },
    linkLocalApps: ["demo", "other"],
  });
  made.set({ idleMinutes: 30, "everyApp.memory": null, "everyApp.nice": null, linkLocalApps: "" });
  expect(made.whole()).toEqual({ note: "mine", apps: { demo: { cpu: 1 } } });
});

test.each<[string, ConfigValue, RegExp]>([
  ["everyApp.memory", "lots", /A size such as 8 GB/],
  ["everyApp.memory", "1 KB", /at least 16 MB/],
  ["everyApp.nice", 20, /everyApp.nice cannot be 20: A whole number from 0 to 19 is needed/],
  ["everyApp.cpu", 20_000, /A number from 0.01 to 10000 is needed/],
  ["idleMinutes", -1, /A number of at least 0 is needed/],
  ["idleMinutes", "soon", /idleMinutes cannot be "soon": A number of at least 0 is needed/],
  ["idleMinutes", null, /A number of at least 0 is needed/],
  ["systemPackages", "perhaps", /One of ask, always, never/],
  ["launchApps", "yes", /launchApps cannot be "yes": On or off is needed/],
  ["colour", "red", /no setting named colour/],
])("%s cannot be %s, and nothing is written", (field, value, why) => {
  using made = settings('{ "idleMinutes": 5 }');
  expect(() => made.set({ outputMB: 64, [field]: value })).toThrow(why);
  expect(made.whole()).toEqual({ idleMinutes: 5 });
});

test("what somebody else has changed meanwhile is not overwritten", () => {
  using made = settings('{ "idleMinutes": 5 }');
  expect(() => changeSettings(made.file, [{ field: "idleMinutes", value: 7, before: 30 }])).toThrow(/it is 5 now/);
  changeSettings(made.file, [{ field: "idleMinutes", value: 7, before: 5 }]);
  expect(made.whole()).toEqual({ idleMinutes: 7 });
});

test("a file that cannot be read is not written", () => {
  using made = settings("{");
  expect(() => settingsForm(made.file, {})).toThrow(/cannot be read/);
  expect(() => made.set({ idleMinutes: 7 })).toThrow(/cannot be read/);
  expect(readFileSync(made.file, "utf8")).toBe("{");
});

test("changes hold at the next look; one that cannot be used changes nothing", () => {
  using made = settings();
  const problems: string[] = [];
  const file = new SettingsFile({ file: made.file, env: {}, first: {}, onProblem: (said) => problems.push(said) });
  expect(file.now).toEqual(resolveSettings({}, {}));
  made.set({ stopGraceSeconds: 3, diskWarningGB: 1, logMB: 2 });
  expect(file.now).toMatchObject({ stopGraceMs: 3_000, diskWarningBytes: 1024 ** 3, logBytes: 2 * 1024 ** 2 });
  writeFileSync(made.file, '{ "stopGraceSeconds": "soon" }');
  expect(file.now.stopGraceMs).toBe(3_000);
  expect(problems).toEqual(['settings.json: stopGraceSeconds cannot be used: "soon" is not a number of at least 0']);
});

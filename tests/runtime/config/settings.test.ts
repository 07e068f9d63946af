import { expect, test } from "@jest/globals";
import { resolveSettings, SettingsSpec } from "../../../src/runtime/config/settings.js";

test("control groups are used unless the file says never", () => {
  expect(resolveSettings({}, {}).useCgroups).toBe(true);
  expect(resolveSettings(SettingsSpec.parse({ cgroups: "auto" }), {}).useCgroups).toBe(true);
  expect(resolveSettings(SettingsSpec.parse({ cgroups: "never" }), {}).useCgroups).toBe(false);
});

test("what is written of one app never makes the whole file unreadable", () => {
  expect(SettingsSpec.safeParse({ idleMinutes: 5, apps: { demo: { cpu: "fast" } } }).success).toBe(true);
});

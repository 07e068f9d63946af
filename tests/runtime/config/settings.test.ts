import { expect, test } from "@jest/globals";
import { resolveSettings, SettingsSpec } from "../../../src/runtime/config/settings.js";

test("no app is started again unless the file says so of it", () => {
  expect([...resolveSettings({}, {}).restartMost]).toEqual([]);
  const spec = SettingsSpec.parse({
    restart: { kept: { onFailure: true }, often: { onFailure: true, most: 20 }, off: { onFailure: false, most: 3 } },
  });
  expect([...resolveSettings(spec, {}).restartMost]).toEqual([
    ["kept", 5],
    ["often", 20],
  ]);
});

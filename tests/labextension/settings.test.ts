import { expect, jest, test } from "@jest/globals";
import type { ISettingRegistry } from "@jupyterlab/settingregistry";
import { Signal } from "@lumino/signaling";
import { createSettings } from "../../src/labextension/settings.js";

/** As JupyterLab's registry hands them out. */
function registryWith(composite: Record<string, unknown>) {
  const found = {
    composite,
    set: (name: string, value: unknown) => {
      composite[name] = value;
      changed.emit();
      return Promise.resolve();
    },
  };
  const changed = new Signal<object, void>(found);
  const load = jest.fn(() => Promise.resolve({ ...found, changed }));
  return { registry: { load } as unknown as ISettingRegistry, load };
}

test("before they are read, and without a registry, what is usual holds", async () => {
  const settings = createSettings(null, Promise.resolve());
  const heard = jest.fn();
  settings.changed.connect(heard);
  expect(settings.now).toMatchObject({
    webPages: "jupyterlab",
    notifications: "all",
    statusBar: true,
    trustedPages: [],
  });
  await settings.set("webPages", "browser");
  expect([settings.now.webPages, heard.mock.calls.length]).toEqual(["browser", 1]);
});

test("they are read once JupyterLab is there, and followed", async () => {
  const { registry, load } = registryWith({ statusBar: false, webPages: "nonsense" });
  let restore = (): void => undefined;
  const settings = createSettings(registry, new Promise<void>((done) => (restore = done)));
  expect([load.mock.calls.length, settings.now.statusBar]).toEqual([0, true]);
  restore();
  await settings.ready;
  expect(settings.now).toMatchObject({ statusBar: false, webPages: "jupyterlab" });
  const heard = jest.fn();
  settings.changed.connect(heard);
  await settings.set("trustedPages", ["hello from here"]);
  expect([settings.now.trustedPages, heard.mock.calls.length]).toEqual([["hello from here"], 1]);
});

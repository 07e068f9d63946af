import type { ISettingRegistry } from "@jupyterlab/settingregistry";
import { Signal } from "@lumino/signaling";
import { type Settings, SettingsShape } from "./settings-shape.js";
import type { ISettings } from "./tokens.js";

/** The plugin that the schema is named after. */
const SCHEMA = "pinokiocloud:panel";

const USUAL: Settings = SettingsShape.parse({});

/** The person's settings, from JupyterLab's registry where there is one; else they last as long as the page. */
export function createSettings(registry: ISettingRegistry | null, after: Promise<unknown>): ISettings {
  const kept: Partial<Settings> = {};
  let stored: ISettingRegistry.ISettings | null = null;
  const settings: { -readonly [Name in keyof ISettings]: ISettings[Name] } = {
    get now(): Settings {
      return stored === null ? { ...USUAL, ...kept } : SettingsShape.parse(stored.composite);
    },
    get changed(): Signal<ISettings, void> {
      return changed;
    },
    ready: Promise.resolve(),
    set: async <Name extends keyof Settings>(name: Name, value: Settings[Name]): Promise<void> => {
      await settings.ready;
      if (stored !== null) return stored.set(name, value);
      kept[name] = value;
      changed.emit();
    },
  };
  const changed: Signal<ISettings, void> = new Signal(settings);
  if (registry !== null) {
    settings.ready = after
      .then(() => registry.load(SCHEMA))
      .then(
        (found) => {
          stored = found;
          found.changed.connect(() => changed.emit());
          changed.emit();
        },
        () => undefined, // without its schema, what is usual holds
      );
  }
  return settings;
}

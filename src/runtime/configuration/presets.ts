import { isSecretSetting } from "../protocol/secret-names.js";
import { type ConfigChange, type ConfigPreset, valueProblem } from "../protocol/config.js";
import { PinokioError } from "../protocol/errors.js";
import { shownIn } from "../protocol/taken-values.js";
import { lastName, type SourceField } from "./fields.js";

type Values = ConfigPreset["values"];

export function presetOf(presets: readonly ConfigPreset[], name: string): ConfigPreset {
  const found = presets.find((preset) => preset.name === name);
  if (found !== undefined) return found;
  throw new PinokioError("request-invalid", `This app has no preset named ${JSON.stringify(name)}`, {
    hint: presets.length === 0 ? "It has none" : `It has ${presets.map((preset) => preset.name).join(", ")}`,
  });
}

export const presetChanges = {
  /** What a preset keeps: everything as it is, or what is given; never a secret. */
  kept(fields: readonly SourceField[], given: Values | undefined): Values {
    const secrets = new Set(fields.filter(({ field }) => field.kind === "secret").map(({ field }) => field.id));
    const entries: [string, Values[string]][] =
      given === undefined ? fields.map(({ field }) => [field.id, field.value]) : Object.entries(given);
    return Object.fromEntries(entries.filter(([id]) => !secrets.has(id) && !isSecretSetting([lastName(id)])));
  },

  /** What has to be changed so that it is as the preset says, and what cannot be. */
  to(fields: readonly SourceField[], values: Values): { changes: ConfigChange[]; warnings: string[] } {
    const known = new Map(fields.map(({ field }) => [field.id, field]));
    const changes: ConfigChange[] = [];
    const warnings: string[] = [];
    let missing = 0;
    for (const [id, value] of Object.entries(values)) {
      const field = known.get(id);
      if (field === undefined) missing++;
      else if (field.kind === "secret" || field.value === value) continue;
      else {
        const problem = valueProblem(field, value);
        if (problem === null) changes.push({ field: id, value });
        else warnings.push(`${field.key} stays as it is, it cannot be ${shownIn(value)}: ${problem}`);
      }
    }
    if (missing > 0) {
      warnings.push(missing === 1 ? "1 of its settings is not here" : `${missing} of its settings are not here`);
    }
    return { changes, warnings };
  },
};

import { env } from "./env.js";
import type { Format } from "./format.js";
import { json } from "./json.js";
import { toml } from "./toml.js";
import { yaml } from "./yaml.js";

const formats: readonly Format[] = [env, json, yaml, toml];

/** The libraries behind them are loaded when settings are looked at first: most sidecars start without that. */
export async function prepareFormats(): Promise<void> {
  for (const format of formats) await format.prepare?.();
}

/** The format of a file by its name, or null. */
export function formatOf(name: string): Format | null {
  const small = name.toLowerCase();
  return formats.find(({ endings }) => endings.some((ending) => small === ending || small.endsWith(ending))) ?? null;
}

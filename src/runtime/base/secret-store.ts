import { join } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "./atomic-file.js";

const Secrets = z.object({ version: z.literal(1), values: z.record(z.string(), z.string()) });

/** Where secrets of a home lie: apart from everything that is shown, shared or exported. */
export const secretPaths = {
  shared: (home: string): string => join(home, "secrets", "shared.json"),
  of: (home: string, app: string): string => join(home, "secrets", "apps", `${app}.json`),
};

const ONLY_OURS = 0o600;

/** Values by name; nothing where there are none. Throws for a file that cannot be read and must not be lost. */
export function readSecrets(file: string): Record<string, string> {
  const found = readState(file, Secrets);
  if (found.kind === "read") return found.value.values;
  if (found.kind === "missing") return {};
  throw found.error;
}

/** A value of null takes one away. */
export function changeSecrets(file: string, changes: Readonly<Record<string, string | null>>): void {
  const values = new Map(Object.entries(readSecrets(file)));
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) values.delete(name);
    else values.set(name, value);
  }
  writeJsonAtomic(file, { version: 1, values: Object.fromEntries(values) }, ONLY_OURS);
}

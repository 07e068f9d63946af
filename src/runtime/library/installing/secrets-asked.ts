import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readInside } from "../../base/read-inside.js";
import { LAUNCHER_FOLDERS } from "../environment-folders.js";

const SCRIPT = /\.(?:js|cjs|mjs|json)$|^_?ENVIRONMENT$/;
const LIMIT_BYTES = 500_000;
const MOST_FILES = 200;
const SECRET =
  /\b(?:HUGGING_?FACE_HUB_TOKEN|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:TOKEN|API_KEY|API_TOKEN|ACCESS_KEY|SECRET|PASSWORD))\b/g;

/** Names of tokens and keys that an app's own scripts speak of. Nothing of them is run. */
export async function secretsAskedIn(folder: string): Promise<string[]> {
  const found = new Set<string>();
  for (const below of LAUNCHER_FOLDERS) {
    const names = await readdir(join(folder, below)).catch(() => []);
    for (const name of names.filter((one) => SCRIPT.test(one)).slice(0, MOST_FILES)) {
      const start = await readInside(folder, join(folder, below, name), LIMIT_BYTES);
      for (const [secret] of start?.bytes.toString("utf8").matchAll(SECRET) ?? []) found.add(secret);
    }
  }
  return [...found].sort();
}

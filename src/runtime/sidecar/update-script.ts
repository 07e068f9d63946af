import { existsSync } from "node:fs";
import { join } from "node:path";

const NAMES = ["pinokio/update.js", "pinokio/update.json", "update.js", "update.json"];

/** The script with which an app brings itself forward, or null. */
export const updateScriptOf = (app: string): string | null =>
  NAMES.map((name) => join(app, name)).find((file) => existsSync(file)) ?? null;

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readEnvFile } from "../base/env-file.js";

/** What an app's ENVIRONMENT file says; nothing when it cannot be read. */
export function environmentOf(api: string, app: string): Record<string, string> {
  const folder = join(api, app);
  const root = existsSync(join(folder, "pinokio")) ? join(folder, "pinokio") : folder;
  try {
    return readEnvFile(join(root, "ENVIRONMENT"), folder);
  } catch {
    return {};
  }
}

/** The script that an app names as the one to launch it by, or null. It need not exist. */
export function launchScriptOf(api: string, app: string): string | null {
  const path = environmentOf(api, app)["PINOKIO_SCRIPT_AUTOLAUNCH"]?.trim();
  return path ? join(api, app, path) : null;
}

const OFF = new Set(["0", "false", "no", "off"]);

/** The scripts of these apps that are to be launched with Pinokio itself. */
export const launchedAtStart = (api: string, apps: readonly string[]): string[] =>
  apps.flatMap((app) => {
    const file = launchScriptOf(api, app);
    const enabled = environmentOf(api, app)["PINOKIO_SCRIPT_AUTOLAUNCH_ENABLED"]?.trim().toLowerCase() ?? "";
    return file !== null && !OFF.has(enabled) && existsSync(file) ? [file] : [];
  });

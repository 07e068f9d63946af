import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { ConfigField, ConfigValue } from "../protocol/config.js";
import type { AppId } from "../protocol/ids.js";

export interface WarningWorld {
  /** Who listens on a port, in words; null while it is free, or the app itself has it. */
  portTaken(port: number, app: AppId): Promise<string | null>;
}

/** What a person should know of a value that can be taken. */
export async function warningOf(
  { kind, value: before, choices = [] }: ConfigField,
  value: ConfigValue,
  app: AppId,
  { portTaken }: WarningWorld,
): Promise<string | null> {
  if (value === before || value === null || value === "") return null;
  if (kind === "port" && typeof value === "number") {
    if (value < 1_024 && process.getuid?.() !== 0) return "Ports below 1024 are for the administrator";
    const by = await portTaken(value, app);
    return by === null ? null : `Port ${value} is taken by ${by}`;
  }
  if (kind === "choice" && choices.length > 0 && !choices.some((choice) => choice.value === value)) {
    return `It is none of those that are known: ${choices.map((choice) => choice.value).join(", ")}`;
  }
  const isPlace = kind === "file" || kind === "folder" || kind === "model";
  if (!isPlace || typeof value !== "string" || !isAbsolute(value) || existsSync(value)) return null;
  return kind === "folder" ? "There is no such folder yet" : "There is no such file";
}

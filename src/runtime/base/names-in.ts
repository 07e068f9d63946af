import { readdirSync } from "node:fs";

/** The names in a folder; none when it is not there, or not ours to look at. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

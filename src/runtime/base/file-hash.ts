import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** By which a file is known to be the same; null when it cannot be read. */
export function hashOfFile(file: string): string | null {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return null;
  }
}

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFileAtomic } from "./atomic-file.js";

const TOKEN = /^[0-9a-f]{64}$/;

/** The token in the file; a new one is written, readable by its owner only, when there is none. */
export function ensureToken(file: string): string {
  const found = readToken(file);
  if (found !== null) return found;
  const token = randomBytes(32).toString("hex");
  writeFileAtomic(file, token + "\n", 0o600);
  return token;
}

/** Null when the file is missing or holds something else. */
export function readToken(file: string): string | null {
  try {
    const token = readFileSync(file, "utf8").trim();
    return TOKEN.test(token) ? token : null;
  } catch {
    return null;
  }
}

/** Compares in constant time, so that answers do not tell how much of a guess was right. */
export const isSameToken = (offered: string, expected: string): boolean =>
  timingSafeEqual(createHash("sha256").update(offered).digest(), createHash("sha256").update(expected).digest());

import { appendFileSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "./make-folder.js";
import { maskSecrets } from "./mask-secrets.js";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Lines for the person who looks for the cause later: JSON, one per event. Never holds a secret. */
export interface Log {
  readonly file: string;
  write(level: LogLevel, message: string, facts?: Record<string, unknown>): void;
}

const ROTATE_AT_BYTES = 5 * 1024 * 1024;
const KEPT_FILES = 3;

interface LogOptions {
  now?: () => Date;
  rotateAtBytes?: () => number;
}

/** Appends to `file`; past 5 MB it becomes `file.1`, and three old files are kept. A full disk loses lines, nothing else. */
export function openLog(
  file: string,
  { now = () => new Date(), rotateAtBytes = () => ROTATE_AT_BYTES }: LogOptions = {},
): Log {
  let bytes = sizeOf(file);
  return {
    file,
    write: (level, message, facts = {}) => {
      const line = maskSecrets(JSON.stringify({ at: now().toISOString(), level, message, ...facts })) + "\n";
      try {
        if (bytes === 0) makeFolder(dirname(file));
        if (bytes + line.length > rotateAtBytes()) {
          rotate(file);
          bytes = 0;
        }
        appendFileSync(file, line, { mode: 0o600 });
        bytes += line.length;
      } catch {
        // The log must never be the reason that something else fails.
      }
    },
  };
}

function rotate(file: string): void {
  for (let number = KEPT_FILES - 1; number >= 0; number--) {
    const from = number === 0 ? file : `${file}.${number}`;
    try {
      renameSync(from, `${file}.${number + 1}`);
    } catch {
      // not there yet
    }
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

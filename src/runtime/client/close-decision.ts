import type { ErrorCode, WireError } from "../protocol/errors.js";

/** What to do now that there is no connection to the sidecar. */
export type CloseDecision = { kind: "retry"; afterMs: number; message: string } | { kind: "give-up"; error: WireError };

/** Repeating cannot help with these: a person has to do something first. */
const NEVER_RETRIED: ReadonlySet<ErrorCode> = new Set([
  "not-authorised",
  "protocol-mismatch",
  "session-ended",
  "server-extension-missing",
  "sidecar-stopped",
  "node-missing",
  "home-not-writable",
]);

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;

export function decideAfterClose(reason: WireError, attempt: number): CloseDecision {
  if (NEVER_RETRIED.has(reason.code)) return { kind: "give-up", error: reason };
  return {
    kind: "retry",
    afterMs: Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS),
    message: reason.message,
  };
}

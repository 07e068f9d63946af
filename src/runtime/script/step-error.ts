import type { ErrorCode, PinokioError } from "../protocol/errors.js";

/** How a step that failed is told to the step that follows it, and to the log of such errors. */
export interface StepError {
  error: true;
  code: ErrorCode;
  message: string;
  hint: string | null;
  /** Among others: method, step, app and platform. */
  context: Record<string, string>;
  timestamp: string;
}

export const stepErrorOf = ({ code, message, hint, context }: PinokioError, now = new Date()): StepError => ({
  error: true,
  code,
  message,
  hint: hint ?? null,
  context: context ?? {},
  timestamp: now.toISOString(),
});

import type { Notice } from "../protocol/sidecar.js";
import type { Session } from "./session.js";
import { onOneLine } from "./words.js";

/** Says what a person should know besides, with what to do about it. */
export function tellNotices({ note }: Session, notices: readonly Notice[] = []): void {
  for (const { level, from, message, hint } of notices) {
    note(onOneLine(`${level}: ${from === undefined ? "" : `${from}: `}${message}`));
    if (hint !== undefined) note(onOneLine(`hint: ${hint}`));
  }
}

/** What is about the home itself, and is not as it should be. */
export const isAboutHome = ({ level, from }: Notice): boolean => level !== "info" && from === undefined;

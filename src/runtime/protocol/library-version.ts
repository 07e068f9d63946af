import { PinokioError } from "./errors.js";

export const LIBRARY_FILE_VERSION = 2;

/** What only a newer PinokioCloud can read is told as that, before any of it is looked at. */
export function requireKnownVersion(content: unknown, name: string): void {
  const version = typeof content === "object" && content !== null && "version" in content ? content.version : null;
  if (typeof version !== "number" || version <= LIBRARY_FILE_VERSION) return;
  throw new PinokioError("request-invalid", `${name} was written by a newer PinokioCloud`, {
    hint: "Update PinokioCloud, then import it",
  });
}

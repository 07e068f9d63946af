import { fromWireError, PinokioError } from "../../runtime/protocol/errors.js";
import type { AppResult } from "../../runtime/protocol/shelf.js";
import type { App } from "../../runtime/protocol/apps.js";
import type { Translate } from "../view.js";

/** For a request about one app: what went wrong with it. */
export function throwFirst(results: readonly AppResult[]): void {
  const error = results[0]?.error ?? null;
  if (error !== null) throw fromWireError(error);
}

/** For a request about several: which of them went wrong, and why. */
export function throwAll(results: readonly AppResult[], apps: readonly App[], t: Translate): void {
  const failed = results.filter(({ error }) => error !== null);
  if (failed.length === 0) return;
  if (results.length === 1) return throwFirst(results);
  const titles = new Map(apps.map(({ id, title }) => [id, title || id]));
  const which = failed.map(({ appId, error }) => `${titles.get(appId) ?? appId}: ${error?.message ?? ""}`).join("; ");
  const [first] = failed;
  throw new PinokioError(
    first?.error?.code ?? "internal",
    t("{failed} of {all} did not work. {which}", { failed: failed.length, all: results.length, which }),
    { hint: first?.error?.hint },
  );
}

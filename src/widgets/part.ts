import { AppId } from "../runtime/protocol/ids.js";

/** A part of the frame that is shown alone. */
export type Part = { what: "tab"; tabId: string } | { what: "app"; appId: AppId };

/** The part that the Python side asks for, by the traits of its widget; null for everything. */
export function readPart(view: unknown, app: unknown): Part | null {
  if (view === "running") return { what: "tab", tabId: "running" };
  const appId = view === "app" ? AppId.safeParse(app) : null;
  return appId?.success === true ? { what: "app", appId: appId.data } : null;
}

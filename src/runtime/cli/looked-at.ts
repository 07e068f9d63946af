import type { SidecarClient } from "../client/sidecar-client.js";
import { PinokioError } from "../protocol/errors.js";

export const LOOKED_AT = "This home can only be looked at here";

/** Throws where the home is another machine's, or cannot be written: what runs there is not known here. */
export async function requireOurs(client: SidecarClient): Promise<void> {
  const { mode, modeReason } = await client.request("sidecar.status", {});
  if (mode === "read-only") throw new PinokioError("home-read-only", LOOKED_AT, { hint: modeReason ?? undefined });
}

import type { SidecarClient } from "../client/sidecar-client.js";
import { PinokioError } from "../protocol/errors.js";
import { bareAppName } from "../protocol/ids.js";
import { isMeantBy } from "./runs-meant.js";

/** Throws for a name that no app and no run has: a slip in it must not look as if all were well. */
export async function requireKnown(client: SidecarClient, name: string): Promise<void> {
  const [app = ""] = bareAppName(name).split("/");
  const { items, missing } = await client.request("library.shelf", {});
  const ids = [
    ...items.flatMap((item) => ("app" in item ? [item.app] : item.apps)),
    ...missing.map((one) => one.appId),
  ];
  if (ids.some((id) => id === app)) return;
  if ((await client.request("runs.list", {})).some(isMeantBy(name))) return;
  throw new PinokioError("app-missing", `No app, script or run is called ${name}`, {
    hint: "`pinokiocloud list` shows what is installed, `pinokiocloud status` what runs",
  });
}

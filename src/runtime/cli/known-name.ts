import { appMissing, type KnownApps, knownIn, nearText } from "../base/app-missing.js";
import type { SidecarClient } from "../client/sidecar-client.js";
import { PinokioError } from "../protocol/errors.js";
import { bareAppName } from "../protocol/ids.js";
import { isMeantBy } from "./runs-meant.js";

/** Throws for a name that no app and no run has: a slip in it must not look as if all were well. */
export async function requireKnown(client: SidecarClient, name: string): Promise<void> {
  const [app = ""] = bareAppName(name).split("/");
  const known = await knownApps(client);
  if (known.here.includes(app)) return;
  if (known.gone.includes(app)) throw appMissing(app, known);
  if ((await client.request("runs.list", {})).some(isMeantBy(name))) return;
  throw new PinokioError("app-missing", `No app, script or run is called ${name}`, {
    hint: nearText(app, known) ?? "`pinokiocloud list` shows what is installed, `pinokiocloud status` what runs",
  });
}

/** What the sidecar knows of apps, by name. */
export const knownApps = async (client: SidecarClient): Promise<KnownApps> =>
  knownIn(await client.request("library.shelf", {}));

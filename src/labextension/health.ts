import { URLExt } from "@jupyterlab/coreutils";
import { ServerConnection } from "@jupyterlab/services";
import * as z from "zod";
import { PinokioError, WireError } from "../runtime/protocol/errors.js";
import { sessionExpired } from "../widgets/server-proxy.js";

/** What the server extension says about itself, without starting anything. */
export const Health = z.object({
  version: z.string(),
  protocol: z.number().nullable(),
  /** Whether jupyter-server-proxy passes ports on. */
  server_proxy: z.boolean(),
  sidecar: z.unknown(),
  /** Why the sidecar could not be started the last time, or null. */
  error: WireError.nullish(),
});
export type Health = z.infer<typeof Health>;

/** Asks the server extension how it is; every way that can go wrong has its own words. */
export async function fetchHealth(settings: ServerConnection.ISettings): Promise<Health> {
  const address = URLExt.join(settings.baseUrl, "pinokiocloud/api/health");
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(address, {}, settings);
  } catch (cause) {
    throw new PinokioError("not-connected", "The Jupyter server does not answer", {
      hint: "Look whether it still runs where you started it",
      cause,
    });
  }
  const { status, redirected } = response;
  if (status === 404) {
    throw new PinokioError("server-extension-missing", "The PinokioCloud server extension is not enabled", {
      hint: "Restart Jupyter. If that does not help, look at: jupyter server extension list",
    });
  }
  // Some hubs send whoever is not logged in to a page for that, which is an answer with status 200.
  if (status === 401 || status === 403 || redirected) {
    throw sessionExpired();
  }
  const health = response.ok ? Health.safeParse(await response.json().catch(() => null)) : null;
  if (health?.success === true) return health.data;
  throw new PinokioError("not-connected", `The PinokioCloud server extension answered with status ${status}`, {
    hint: "The log of the Jupyter server says more",
  });
}

const Launchers = z.object({ folders: z.array(z.string()) });

/** Asks it which folders in one of the server's hold a launcher; rejects where it does not know. */
export async function fetchLaunchers(settings: ServerConnection.ISettings, folder: string): Promise<readonly string[]> {
  const address = `${URLExt.join(settings.baseUrl, "pinokiocloud/api/launchers")}?${new URLSearchParams({ folder })}`;
  const response = await ServerConnection.makeRequest(address, {}, settings);
  return Launchers.parse(await response.json()).folders;
}

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { ServerConnection } from "@jupyterlab/services";
import { ITranslator, nullTranslator } from "@jupyterlab/translation";
import { createSidecarClient, type SidecarClient } from "../../runtime/client/sidecar-client.js";
import { VERSION } from "../../runtime/protocol/version.js";
import { browserTimers } from "../../widgets/browser-timers.js";
import { createNavigation } from "../../widgets/navigation.js";
import { openInBrowser, openTab } from "../../widgets/open-url.js";
import { hasServerProxy } from "../../widgets/server-proxy.js";
import { fillIn } from "../../widgets/view.js";
import { fetchHealth } from "../health.js";
import { createServerTransport } from "../server-transport.js";
import { ISidecar } from "../tokens.js";

/** Provides the page's one connection to the sidecar. */
export const sidecarPlugin: JupyterFrontEndPlugin<ISidecar> = {
  id: "pinokiocloud:sidecar",
  description: "The connection to PinokioCloud's sidecar.",
  autoStart: true,
  provides: ISidecar,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null): ISidecar =>
    createSidecar(app.serviceManager.serverSettings, translator ?? nullTranslator),
};

function createSidecar(settings: ServerConnection.ISettings, translator: ITranslator): ISidecar {
  const trans = translator.load("pinokiocloud");
  let client: SidecarClient | null = null;
  const listeners: ((client: SidecarClient) => void)[] = [];
  const connect = (): SidecarClient => {
    const made = createSidecarClient({
      transport: createServerTransport(settings),
      timers: browserTimers,
      client: { name: "jupyterlab", version: VERSION },
    });
    client = made;
    for (const listener of listeners) listener(made);
    return made;
  };
  return {
    get client() {
      return client ?? connect();
    },
    onUse: (listener) => {
      if (client === null) listeners.push(listener);
      else listener(client);
    },
    navigation: createNavigation(),
    transportKind: "websocket",
    health: () => fetchHealth(settings),
    openUrl: async (url) => {
      const health = await fetchHealth(settings).catch(() => null);
      const { baseUrl } = settings;
      const surroundings = {
        pageUrl: location.href,
        baseUrl,
        serverProxy: health?.server_proxy ?? (await hasServerProxy(baseUrl)),
        colabPort: null,
      };
      await openInBrowser(url, surroundings, openTab);
    },
    t: (text, values) => fillIn(trans.__(text), values),
  };
}

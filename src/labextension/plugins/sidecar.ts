import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { ServerConnection } from "@jupyterlab/services";
import { ITranslator, nullTranslator } from "@jupyterlab/translation";
import { createSidecarClient, type SidecarClient } from "../../runtime/client/sidecar-client.js";
import { toWireError } from "../../runtime/protocol/errors.js";
import { VERSION } from "../../runtime/protocol/version.js";
import { browserTimers } from "../../widgets/browser-timers.js";
import { createNavigation } from "../../widgets/navigation.js";
import { findAddress, openTab, reachesPorts, type Surroundings } from "../../widgets/open-url.js";
import { reachOf } from "../../widgets/reach.js";
import { hasServerProxy } from "../../widgets/server-proxy.js";
import { tellPagePath } from "../../widgets/tell-page-path.js";
import { fillIn, type Places } from "../../widgets/view.js";
import { fetchHealth, fetchLaunchers } from "../health.js";
import { createServerTransport } from "../server-transport.js";
import { CommandIds, ISidecar } from "../tokens.js";

/** Provides the page's one connection to the sidecar. */
export const sidecarPlugin: JupyterFrontEndPlugin<ISidecar> = {
  id: "pinokiocloud:sidecar",
  description: "The connection to PinokioCloud's sidecar.",
  autoStart: true,
  provides: ISidecar,
  optional: [ITranslator, ILabShell],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null, labShell: ILabShell | null): ISidecar =>
    createSidecar(
      app.serviceManager.serverSettings,
      translator ?? nullTranslator,
      labShell === null ? null : placesOf(app),
    ),
};

const placesOf = ({ commands }: JupyterFrontEnd): Places => ({
  showTab: (tab) => void commands.execute(CommandIds.showTab, { tab }),
  openApp: (app) => void commands.execute(CommandIds.showApp, { app }),
  openAll: () => void commands.execute(CommandIds.openTab),
});

/** Our own extension knows it best; where that is missing, the proxy itself is asked. */
async function passesPortsOn(settings: ServerConnection.ISettings): Promise<boolean> {
  try {
    return (await fetchHealth(settings)).server_proxy;
  } catch (error) {
    if (toWireError(error).code !== "server-extension-missing") throw error;
    return hasServerProxy(settings.baseUrl);
  }
}

function createSidecar(settings: ServerConnection.ISettings, translator: ITranslator, places: Places | null): ISidecar {
  const trans = translator.load("pinokiocloud");
  let client: SidecarClient | null = null;
  let joining: Promise<void> | null = null;
  let showPage: (url: string) => Promise<boolean> = () => Promise.resolve(false);
  const listeners: ((client: SidecarClient) => void)[] = [];
  const lookAround = async (): Promise<Surroundings> => {
    const { baseUrl } = settings;
    const serverProxy = !reachesPorts(location.href) && (await passesPortsOn(settings));
    return { pageUrl: location.href, baseUrl, serverProxy, colabPort: null };
  };
  const connect = (): SidecarClient => {
    const made = createSidecarClient({
      transport: createServerTransport(settings),
      timers: browserTimers,
      client: { name: "jupyterlab", version: VERSION },
    });
    client = made;
    tellPagePath(made, lookAround);
    for (const listener of listeners) listener(made);
    return made;
  };
  const addressOf = async (url: string): Promise<string> => findAddress(url, await lookAround());
  const openInBrowser = async (url: string): Promise<void> => openTab(await addressOf(url));
  return {
    get client() {
      return client ?? connect();
    },
    onUse: (listener) => {
      if (client === null) listeners.push(listener);
      else listener(client);
    },
    joinRunning: () =>
      (joining ??= fetchHealth(settings).then(
        ({ sidecar }) => {
          if (sidecar !== null && client === null) connect();
        },
        () => undefined, // said where somebody looks
      )),
    navigation: createNavigation(),
    places,
    transportKind: "websocket",
    health: () => fetchHealth(settings),
    launchersIn: (folder) => fetchLaunchers(settings, folder),
    openUrl: async (url) => {
      if (!(await showPage(url))) await openInBrowser(url);
    },
    openInBrowser,
    addressOf,
    reach: async () => reachOf(await lookAround()),
    showPagesBy: (show) => {
      showPage = show;
    },
    t: (text, values) => fillIn(trans.__(text), values),
  };
}

import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { MainAreaWidget, WidgetTracker } from "@jupyterlab/apputils";
import { launchIcon, refreshIcon, ToolbarButton } from "@jupyterlab/ui-components";
import type { App } from "../../runtime/protocol/apps.js";
import { AppId } from "../../runtime/protocol/ids.js";
import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import { mountPage } from "../../widgets/mount-page.js";
import { appOfPage } from "../../widgets/pages/page-of.js";
import { webPageOf } from "../../widgets/app-condition.js";
import { followTitle } from "../follow-title.js";
import { pinokioIcon, webIcon } from "../icon.js";
import { PageWidget } from "../page-widget.js";
import { CommandIds, ISettings, ISidecar } from "../tokens.js";
import { viewHost } from "../view-host.js";

/** Apps' web pages in the main area, where a person wants them there and has agreed to it. */
export const webPagesPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:web-pages",
  description: "The web pages of apps in the main area.",
  autoStart: true,
  requires: [ISidecar, ISettings],
  optional: [ILabShell, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    sidecar: ISidecar,
    settings: ISettings,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
  ) => {
    // Without JupyterLab's main area, pages are opened in the browser.
    if (labShell === null) return;
    const { t } = sidecar;
    const tracker = new WidgetTracker<WebPage>({ namespace: "pinokiocloud-page" });

    app.commands.addCommand(CommandIds.showPage, {
      label: t("Show an app's web page in a tab"),
      icon: webIcon,
      execute: (args) => {
        const appId = AppId.safeParse(args["app"]);
        if (!appId.success) return;
        const url = typeof args["url"] === "string" ? args["url"] : null;
        const title = typeof args["title"] === "string" ? args["title"] : appId.data;
        const known = tracker.find((page) => page.appId === appId.data && page.url === url);
        const page = known ?? new WebPage(sidecar, settings, { appId: appId.data, url, title });
        if (known === undefined) void tracker.add(page);
        if (!page.isAttached) labShell.add(page, "main", { type: "PinokioCloud web page" });
        if (args["activate"] !== false) labShell.activateById(page.id);
      },
      describedBy: {
        args: {
          type: "object",
          required: ["app"],
          properties: {
            app: { type: "string", description: t("The folder of the app") },
            url: { type: "string", description: t("One of its pages; without it, its own") },
          },
        },
      },
    });

    void restorer?.restore(tracker, {
      command: CommandIds.showPage,
      args: ({ appId, url, title }) => ({ app: appId, title: title.label, activate: false, ...(url && { url }) }),
      name: ({ appId, url }) => `${appId} ${url ?? ""}`,
    });

    let client: SidecarClient | null = null;
    sidecar.onUse((used) => (client = used));
    sidecar.showPagesBy(async (url) => {
      await settings.ready;
      const state = client?.state ?? null;
      const owner = state === null || settings.now.webPages === "browser" ? null : appOfPage(url, state);
      if (owner === null) return false;
      const { id, title } = owner;
      const isOwn = url === webPageOf(owner, state?.runs ?? []);
      await app.commands.execute(CommandIds.showPage, {
        app: id,
        title: title || id,
        ...(!isOwn && { url }),
      });
      return true;
    });
  },
};

interface WebPageOptions {
  appId: AppId;
  /** Null for the app's own page, wherever that is. */
  url: string | null;
  title: string;
}

class WebPage extends MainAreaWidget<PageWidget> {
  readonly appId: AppId;
  readonly url: string | null;

  constructor(sidecar: ISidecar, settings: ISettings, { appId, url, title }: WebPageOptions) {
    const { t, openInBrowser } = sidecar;
    const content: PageWidget = new PageWidget((node, signal) =>
      mountPage(node, viewHost(sidecar, signal), {
        appId,
        url,
        isTrusted: (app, address) => settings.now.trustedPages.includes(trustOf(app, address)),
        trust: (app, address) => settings.set("trustedPages", [...settings.now.trustedPages, trustOf(app, address)]),
        addressOf: async (url) => {
          await settings.ready;
          return sidecar.addressOf(url);
        },
        openInBrowser: async (address) => {
          await openInBrowser(address);
          // Shown there, it has nothing left to show here.
          content.parent?.close();
        },
        show: (address) => content.showPage(address),
      }),
    );
    super({ content });
    this.appId = appId;
    this.url = url;
    this.id = `pinokiocloud-page-${appId}-${url ?? ""}`;
    this.title.icon = webIcon;
    this.title.closable = true;
    followTitle(this, sidecar, appId, title);

    const pageUrl = (): string | null => url ?? sidecar.client.state?.apps.find(({ id }) => id === appId)?.url ?? null;
    const add = (name: string, icon: typeof launchIcon, tooltip: string, onClick: () => void) =>
      this.toolbar.addItem(name, new ToolbarButton({ icon, tooltip, onClick }));
    add("reload", refreshIcon, t("Reload the page"), () => content.reload());
    add("browser", launchIcon, t("Open in a browser tab"), () => {
      const now = pageUrl();
      if (now !== null) void openInBrowser(now).catch(() => undefined); // the page says it too
    });
    add("app", pinokioIcon, t("Show the app"), () => sidecar.places?.openApp(appId));
  }
}

/** What a person agrees to: pages of this app from there, and whether they share Jupyter's address. */
function trustOf({ id, repository, source }: App, address: string): string {
  const isShared = new URL(address).origin === location.origin;
  return `${id} from ${repository ?? source}${isShared ? ", at Jupyter's address" : ""}`;
}

import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { WidgetTracker } from "@jupyterlab/apputils";
import { AppId, RunId } from "../../runtime/protocol/ids.js";
import { mountApp } from "../../widgets/mount.js";
import { createNavigation, type Navigation, type Target } from "../../widgets/navigation.js";
import { followTitle } from "../follow-title.js";
import { pinokioIcon } from "../icon.js";
import { CommandIds, ISidecar, PANEL_ID } from "../tokens.js";
import { viewHost } from "../view-host.js";
import { ViewWidget } from "../view-widget.js";

/** Apps' pages in the main area, one for each app; without such an area, in the panel. */
export const appPagesPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:app-pages",
  description: "The pages of apps in the main area.",
  autoStart: true,
  requires: [ISidecar],
  optional: [ILabShell, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, sidecar: ISidecar, labShell: ILabShell | null, restorer: ILayoutRestorer | null) => {
    const { t } = sidecar;
    const tracker = new WidgetTracker<AppPage>({ namespace: "pinokiocloud-app" });

    const pageOf = (appId: AppId, title: unknown): AppPage => {
      const known = tracker.find((page) => page.appId === appId);
      if (known !== undefined) return known;
      const page = new AppPage(sidecar, appId, typeof title === "string" ? title : appId);
      void tracker.add(page);
      return page;
    };

    app.commands.addCommand(CommandIds.showApp, {
      label: t("Show an app's page"),
      icon: pinokioIcon,
      execute: (args) => {
        const target = targetOf(args);
        if (target === null) return;
        if (labShell === null) {
          app.shell.activateById(PANEL_ID);
          return sidecar.navigation.show(target);
        }
        const page = pageOf(target.appId, args["title"]);
        if (!page.isAttached) labShell.add(page, "main", { type: "PinokioCloud app" });
        if (args["activate"] !== false) labShell.activateById(page.id);
        if (target.runId !== null || [target.part, target.change, target.section].some(Boolean))
          page.navigation.show(target);
      },
      describedBy: {
        args: {
          type: "object",
          required: ["app"],
          properties: {
            app: { type: "string", description: t("The folder of the app") },
            run: { type: "string", description: t("The id of the run to look at") },
            part: { type: "string", enum: ["steps", "output"], description: t("What of the run is shown") },
            section: { type: "string", enum: ["settings", "files"], description: t("What is opened on the page") },
            change: {
              type: "string",
              enum: ["update", "reset", "uninstall"],
              description: t("What is to be changed: it says first what that would do"),
            },
          },
        },
      },
    });

    void restorer?.restore(tracker, {
      command: CommandIds.showApp,
      args: ({ appId, title }) => ({ app: appId, title: title.label, activate: false }),
      name: ({ appId }) => appId,
    });
  },
};

type AppTarget = Target & { appId: AppId };

const PARTS = ["steps", "output"] as const;
const SECTIONS = ["settings", "files"] as const;
const CHANGES = ["update", "reset", "uninstall"] as const;

function targetOf(args: Record<string, unknown>): AppTarget | null {
  const appId = AppId.safeParse(args["app"]);
  if (!appId.success) return null;
  const runId = RunId.safeParse(args["run"]);
  const part = PARTS.find((name) => name === args["part"]);
  const section = SECTIONS.find((name) => name === args["section"]);
  const change = CHANGES.find((name) => name === args["change"]);
  return {
    appId: appId.data,
    runId: runId.success ? runId.data : null,
    ...(part === undefined ? {} : { part }),
    ...(section === undefined ? {} : { section }),
    ...(change === undefined ? {} : { change }),
  };
}

class AppPage extends ViewWidget {
  readonly appId: AppId;
  readonly navigation: Navigation;

  constructor(sidecar: ISidecar, appId: AppId, title: string) {
    const navigation = createNavigation();
    super((node, signal) => mountApp(node, { ...viewHost(sidecar, signal), navigation }, appId));
    this.appId = appId;
    this.navigation = navigation;
    this.id = `pinokiocloud-app-${appId}`;
    this.title.icon = pinokioIcon;
    this.title.closable = true;
    followTitle(this, sidecar, appId, title);
  }
}

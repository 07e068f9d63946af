import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, InputDialog, Notification } from "@jupyterlab/apputils";
import type { App } from "../../runtime/protocol/apps.js";
import { toWireError } from "../../runtime/protocol/errors.js";
import { AppId, RunId } from "../../runtime/protocol/ids.js";
import { isLive } from "../../runtime/protocol/runs.js";
import { pinokioIcon } from "../icon.js";
import { CommandIds, ISidecar, PANEL_ID } from "../tokens.js";

/** The panel's actions as commands, for the palette and for shortcuts. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:commands",
  description: "The PinokioCloud commands.",
  autoStart: true,
  requires: [ISidecar],
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, sidecar: ISidecar, palette: ICommandPalette | null) => {
    const { t } = sidecar;
    const add = (id: string, label: string, execute: (args: { app?: unknown }) => Promise<void>) => {
      app.commands.addCommand(id, {
        label,
        icon: pinokioIcon,
        execute: (args) => reportFailure(() => execute(args)),
        describedBy: {
          args: { type: "object", properties: { app: { type: "string", description: t("The folder of the app") } } },
        },
      });
      palette?.addItem({ command: id, category: "PinokioCloud" });
    };

    app.commands.addCommand(CommandIds.openPanel, {
      label: ({ isPalette }) => (isPalette === true ? t("Show the panel") : "PinokioCloud"),
      caption: t("Show the PinokioCloud panel"),
      icon: pinokioIcon,
      execute: async () => {
        // The palette gives the focus back to the document after a command was called; the panel takes it from there.
        await new Promise((done) => setTimeout(done));
        app.shell.activateById(PANEL_ID);
      },
      describedBy: { args: { type: "object", properties: {} } },
    });
    palette?.addItem({ command: CommandIds.openPanel, category: "PinokioCloud", args: { isPalette: true } });
    app.commands.addCommand(CommandIds.showRun, {
      label: t("Show a run in the panel"),
      icon: pinokioIcon,
      execute: (args) => {
        const runId = RunId.safeParse(args["run"]);
        const appId = AppId.safeParse(args["app"]);
        app.shell.activateById(PANEL_ID);
        sidecar.navigation.show({
          appId: appId.success ? appId.data : null,
          runId: runId.success ? runId.data : null,
        });
      },
      describedBy: {
        args: {
          type: "object",
          properties: {
            run: { type: "string", description: t("The id of the run") },
            app: { type: "string", description: t("The folder of the app") },
          },
        },
      },
    });

    add(CommandIds.openApp, t("Open an app's page"), async (args) => {
      const apps = await fetchApps(sidecar);
      const chosen = await chooseApp(
        sidecar,
        args.app,
        apps.filter(({ url }) => url !== null),
        t("No app has a page open"),
      );
      if (chosen?.url != null) await sidecar.openUrl(chosen.url);
    });
    add(CommandIds.startApp, t("Start an app"), async (args) => {
      const apps = await fetchApps(sidecar);
      const idle = apps.filter(({ state, runs }) => state === "installed" && runs.length === 0);
      const chosen = await chooseApp(sidecar, args.app, idle, t("No installed app is waiting to be started"));
      if (chosen === null) return;
      // Bare, the folder stands for what the app's menu starts by default.
      await sidecar.client.request("runs.start", { script: chosen.id });
    });
    add(CommandIds.stopApp, t("Stop an app"), async (args) => {
      const apps = await fetchApps(sidecar);
      const chosen = await chooseApp(
        sidecar,
        args.app,
        apps.filter(({ runs }) => runs.length > 0),
        t("No app is running"),
      );
      if (chosen === null) return;
      const runs = await sidecar.client.request("runs.list", {});
      const own = runs.filter((run) => run.appId === chosen.id && isLive(run));
      await Promise.all(own.map(({ id }) => sidecar.client.request("runs.stop", { runId: id })));
    });
  },
};

const fetchApps = (sidecar: ISidecar): Promise<App[]> => sidecar.client.request("apps.list", {});

/** The app the command names, or the one a person picks; null when they pick none. */
async function chooseApp({ t }: ISidecar, named: unknown, apps: readonly App[], none: string): Promise<App | null> {
  if (typeof named === "string") return apps.find(({ id }) => id === named) ?? null;
  if (apps.length === 0) {
    Notification.info(none, { autoClose: 3000 });
    return null;
  }
  const names = apps.map(({ id, title }) => (title === "" || title === id ? id : `${title} (${id})`));
  const { value } = await InputDialog.getItem({ title: t("Which app?"), items: names });
  return value === null ? null : (apps[names.indexOf(value)] ?? null);
}

async function reportFailure(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { message, hint } = toWireError(error);
    Notification.error(hint === undefined ? message : `${message}. ${hint}`, { autoClose: false });
  }
}

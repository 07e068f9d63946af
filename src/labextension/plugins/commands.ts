import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Dialog, ICommandPalette, InputDialog, Notification, showDialog } from "@jupyterlab/apputils";
import { addIcon, stopIcon, undoIcon } from "@jupyterlab/ui-components";
import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import type { App } from "../../runtime/protocol/apps.js";
import { fromWireError } from "../../runtime/protocol/errors.js";
import { AppId, RunId } from "../../runtime/protocol/ids.js";
import { dateText } from "../../widgets/measures.js";
import { tabs } from "../../widgets/tabs/index.js";
import { APP_ACTIONS, type AppAction, knownState } from "../app-actions.js";
import { pinokioIcon } from "../icon.js";
import { reportFailure } from "../report-failure.js";
import { CommandIds, ISidecar, PANEL_ID } from "../tokens.js";

const CATEGORY = "PinokioCloud";

/** What a person can do, as commands: for the palette, for menus and for shortcuts. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:commands",
  description: "The PinokioCloud commands.",
  autoStart: true,
  requires: [ISidecar],
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, sidecar: ISidecar, palette: ICommandPalette | null) => {
    addPanelCommands(app, sidecar, palette);
    addInstallCommand(app, sidecar, palette);
    for (const action of APP_ACTIONS) addAppCommand(action, app, sidecar, palette);
    addStopAll(app, sidecar, palette);
    addPutBack(app, sidecar, palette);
  },
};

/** Below the top of a tab. */
const LED = [
  { tab: "shared-resources", section: "free-space", label: "Free up space…" },
  { tab: "system", section: "report", label: "Show the report for somebody who helps" },
] as const;

function addPanelCommands(app: JupyterFrontEnd, sidecar: ISidecar, palette: ICommandPalette | null): void {
  const { commands, shell } = app;
  const { t, navigation } = sidecar;
  commands.addCommand(CommandIds.openPanel, {
    label: ({ isPalette }) => (isPalette === true ? t("Show the panel") : "PinokioCloud"),
    caption: t("Show the PinokioCloud panel"),
    icon: pinokioIcon,
    execute: () => showPanel(app),
    describedBy: { args: { type: "object", properties: {} } },
  });
  palette?.addItem({ command: CommandIds.openPanel, category: CATEGORY, args: { isPalette: true } });

  commands.addCommand(CommandIds.showTab, {
    label: ({ tab, section }) => {
      const led = LED.find((one) => one.section === section);
      if (led !== undefined) return t(led.label);
      const known = tabs.find(({ id }) => id === tab);
      return known === undefined ? t("Show a tab of the panel") : t("Show {tab}", { tab: t(known.label) });
    },
    icon: pinokioIcon,
    execute: async ({ tab, section }) => {
      if (typeof tab !== "string" || !tabs.some(({ id }) => id === tab)) return;
      const led = LED.find((one) => one.section === section && one.tab === tab);
      await showPanel(app);
      navigation.show({ appId: null, runId: null, tabId: tab, ...(led === undefined ? {} : { section: led.section }) });
    },
    describedBy: {
      args: {
        type: "object",
        required: ["tab"],
        properties: {
          tab: { type: "string", enum: tabs.map(({ id }) => id), description: t("The tab") },
          section: { type: "string", enum: LED.map(({ section }) => section), description: t("What is opened there") },
        },
      },
    },
  });
  for (const { id } of tabs) palette?.addItem({ command: CommandIds.showTab, category: CATEGORY, args: { tab: id } });
  for (const { tab, section } of LED)
    palette?.addItem({ command: CommandIds.showTab, category: CATEGORY, args: { tab, section } });

  commands.addCommand(CommandIds.showRun, {
    label: t("Show a run in the panel"),
    icon: pinokioIcon,
    execute: (args) => {
      const runId = RunId.safeParse(args["run"]);
      const appId = AppId.safeParse(args["app"]);
      shell.activateById(PANEL_ID);
      navigation.show({ appId: appId.success ? appId.data : null, runId: runId.success ? runId.data : null });
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
}

async function showPanel({ shell }: JupyterFrontEnd): Promise<void> {
  // The palette gives the focus back to the document after a command was called; the panel takes it from there.
  await new Promise((done) => setTimeout(done));
  shell.activateById(PANEL_ID);
}

function addInstallCommand(app: JupyterFrontEnd, sidecar: ISidecar, palette: ICommandPalette | null): void {
  const { t } = sidecar;
  app.commands.addCommand(CommandIds.install, {
    label: t("Install from URL…"),
    caption: t("Install an app from the address of its git repository, or from a folder"),
    icon: addIcon,
    execute: async ({ source }) => {
      const asked = typeof source === "string" ? source : await askForSource(sidecar);
      if (asked === null || asked === "") return;
      await showPanel(app);
      // Discover says what it is, and asks before anything is run.
      sidecar.navigation.show({ appId: null, runId: null, tabId: "discover", search: asked });
    },
    describedBy: {
      args: {
        type: "object",
        properties: { source: { type: "string", description: t("A git address, or a folder of the machine") } },
      },
    },
  });
  palette?.addItem({ command: CommandIds.install, category: CATEGORY });
}

async function askForSource({ t }: ISidecar): Promise<string | null> {
  const { value } = await InputDialog.getText({
    title: t("Install from URL"),
    label: t("Address of a git repository, or a folder of this machine"),
    placeholder: "https://github.com/owner/name",
    okLabel: t("Look at it"),
  });
  return value?.trim() ?? null;
}

function addAppCommand(
  { id, icon, label, named, none, fits, act }: AppAction,
  app: JupyterFrontEnd,
  sidecar: ISidecar,
  palette: ICommandPalette | null,
): void {
  const { commands } = app;
  const { t } = sidecar;
  let client: SidecarClient | null = null;
  sidecar.onUse((used) => {
    client = used;
    let before = "";
    used.subscribe(() => {
      const { state } = used;
      // What is running changes often, whether there is something for a command to do rarely.
      const fitting = state?.apps.filter((one) => fits(one, state)) ?? [];
      const now = fitting.map((one) => one.id).join(" ");
      if (now === before) return;
      before = now;
      commands.notifyCommandChanged(id);
    });
  });
  const known = (name: unknown): App | undefined => client?.state?.apps.find((one) => one.id === name);

  commands.addCommand(id, {
    label: (args) => {
      const about = known(args["app"]);
      return about === undefined ? t(label) : t(named, { title: about.title || about.id });
    },
    icon,
    // Before anything is known, asking for it is how to find out.
    isEnabled: (args) => {
      const state = client?.state ?? null;
      if (state === null) return true;
      if (client?.connection.kind !== "connected") return false;
      return state.apps.some((one) => (args["app"] === undefined || one.id === args["app"]) && fits(one, state));
    },
    execute: (args) =>
      reportFailure(sidecar, async () => {
        const state = await knownState(sidecar);
        const chosen = await chooseApp(
          sidecar,
          args["app"],
          state.apps.filter((one) => fits(one, state)),
          t(none),
        );
        if (chosen === null) return;
        const show = (wishes = {}): Promise<unknown> =>
          commands.execute(CommandIds.showApp, { app: chosen.id, title: chosen.title || chosen.id, ...wishes });
        await act(chosen, { sidecar, show });
      }),
    describedBy: {
      args: { type: "object", properties: { app: { type: "string", description: t("The folder of the app") } } },
    },
  });
  palette?.addItem({ command: id, category: CATEGORY });
}

function addStopAll(app: JupyterFrontEnd, sidecar: ISidecar, palette: ICommandPalette | null): void {
  const { t } = sidecar;
  let client: SidecarClient | null = null;
  sidecar.onUse((used) => (client = used));
  app.commands.addCommand(CommandIds.stopAll, {
    label: t("Stop all apps…"),
    icon: stopIcon,
    isEnabled: () => client?.state == null || client.state.apps.some(({ runs }) => runs.length > 0),
    execute: () =>
      reportFailure(sidecar, async () => {
        const running = (await knownState(sidecar)).apps.filter(({ runs }) => runs.length > 0);
        if (running.length === 0) return void Notification.info(t("No app is running"), { autoClose: 3000 });
        const names = running.map(({ id, title }) => title || id).join(", ");
        const { button } = await showDialog({
          title: t("Stop all apps?"),
          body: names,
          buttons: [
            Dialog.cancelButton({ label: t("Cancel") }),
            Dialog.warnButton({ label: t("Stop {count}", { count: running.length }) }),
          ],
        });
        if (!button.accept) return;
        const { results } = await sidecar.client.request("library.stop", { apps: running.map(({ id }) => id) });
        for (const { error } of results) if (error !== null) throw fromWireError(error);
      }),
    describedBy: { args: { type: "object", properties: {} } },
  });
  palette?.addItem({ command: CommandIds.stopAll, category: CATEGORY });
}

function addPutBack({ commands }: JupyterFrontEnd, sidecar: ISidecar, palette: ICommandPalette | null): void {
  const { t } = sidecar;
  commands.addCommand(CommandIds.putBack, {
    label: t("Undo: put something back from the trash…"),
    icon: undoIcon,
    execute: () =>
      reportFailure(sidecar, async () => {
        const { client } = sidecar;
        const entries = (await client.request("trash.list", {})).filter(({ refused }) => refused === null);
        if (entries.length === 0)
          return void Notification.info(t("Nothing is there to be put back"), { autoClose: 3000 });
        const items = entries.map(
          ({ title, what, app, name, at }) => `${title || what || app || name} · ${dateText(at)}`,
        );
        const { value } = await InputDialog.getItem({ title: t("Put back what?"), items });
        const chosen = value === null ? undefined : entries[items.indexOf(value)];
        if (chosen !== undefined) await client.request("trash.restore", { entry: chosen.name });
      }),
    describedBy: { args: { type: "object", properties: {} } },
  });
  palette?.addItem({ command: CommandIds.putBack, category: CATEGORY });
}

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

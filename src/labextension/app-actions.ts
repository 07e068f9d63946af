import {
  deleteIcon,
  downloadIcon,
  fileIcon,
  folderIcon,
  type LabIcon,
  launchIcon,
  refreshIcon,
  runIcon,
  settingsIcon,
  stopIcon,
  undoIcon,
} from "@jupyterlab/ui-components";
import type { App } from "../runtime/protocol/apps.js";
import { fromWireError } from "../runtime/protocol/errors.js";
import type { Snapshot } from "../runtime/protocol/events.js";
import { isUnderWay } from "../runtime/protocol/jobs.js";
import type { Run } from "../runtime/protocol/runs.js";
import { failureOf, runsOf, webPageOf } from "../widgets/app-condition.js";
import { startOf } from "../widgets/launcher-menu.js";
import { noteStart } from "../widgets/told/recent-start.js";
import { untranslated } from "../widgets/view.js";
import { pinokioIcon } from "./icon.js";
import { CommandIds, type ISidecar } from "./tokens.js";

/** Something a person does with one app: a command for the palette, for menus and for shortcuts. */
export interface AppAction {
  id: string;
  icon: LabIcon;
  /** In the palette. In English; shown translated, as the others are. */
  label: string;
  /** Where the app is known. `{title}` is its name. */
  named: string;
  /** Said when no app is like that. */
  none: string;
  fits(app: App, state: Snapshot): boolean;
  act(app: App, world: ActionWorld): Promise<unknown>;
}

interface ActionWorld {
  sidecar: ISidecar;
  /** Shows the app's own page. */
  show(wishes?: { run?: string; part?: string; change?: string; section?: "settings" | "files" }): Promise<unknown>;
}

const runs = ({ runs }: App): boolean => runs.length > 0;
const canChange = (app: App, { jobs, mode }: Snapshot): boolean =>
  mode !== "read-only" && !jobs.some((job) => job.appId === app.id && isUnderWay(job));

/** The run that failed last, where nothing runs; null without one. */
const failedRun = (app: App, state: Snapshot): Run | null => {
  const [latest] = runs(app) ? [] : runsOf(app, state.runs);
  return latest !== undefined && failureOf(latest, untranslated) !== null ? latest : null;
};

/** In the order of the palette. */
export const APP_ACTIONS: readonly AppAction[] = [
  {
    id: CommandIds.chooseApp,
    icon: pinokioIcon,
    label: "Show an app's page…",
    named: "Show the page of {title}",
    none: "No app is installed",
    fits: () => true,
    act: (_, { show }) => show(),
  },
  {
    id: CommandIds.openApp,
    icon: launchIcon,
    label: "Open an app's web page",
    named: "Open the web page of {title}",
    none: "No app has a page open",
    fits: (app, { runs }) => webPageOf(app, runs) !== null,
    act: async (app, { sidecar }) => {
      const page = webPageOf(app, sidecar.client.state?.runs ?? []);
      if (page !== null) await sidecar.openUrl(page);
    },
  },
  {
    id: CommandIds.startApp,
    icon: runIcon,
    label: "Start an app",
    named: "Start {title}",
    none: "No installed app is waiting to be started",
    fits: (app, { mode }) => mode !== "read-only" && app.state === "installed" && !runs(app) && startOf(app) !== null,
    act: async (app, { sidecar: { client }, show }) => {
      const start = startOf(app);
      if (start === null) return;
      noteStart(client, app.id);
      try {
        const { script, input } = start;
        await client.request("runs.start", { script, ...(input === null ? {} : { input }) });
      } catch (error) {
        await show();
        // What it runs has changed: its page asks when it is started there.
        throw error;
      }
    },
  },
  {
    id: CommandIds.stopApp,
    icon: stopIcon,
    label: "Stop an app",
    named: "Stop {title}",
    none: "No app is running",
    fits: (app, { mode }) => mode !== "read-only" && runs(app),
    act: async ({ id }, { sidecar: { client } }) =>
      throwFirst((await client.request("library.stop", { apps: [id] })).results),
  },
  {
    id: CommandIds.restartApp,
    icon: refreshIcon,
    label: "Restart an app",
    named: "Restart {title}",
    none: "No app is running",
    fits: (app, { mode }) => mode !== "read-only" && runs(app),
    act: async ({ id }, { sidecar: { client } }) =>
      throwFirst((await client.request("library.restart", { apps: [id] })).results),
  },
  {
    id: CommandIds.showLog,
    icon: fileIcon,
    label: "Show the log of an app",
    named: "Show the log of {title}",
    none: "Nothing of an app has run yet",
    fits: (app, state) => state.runs.some(({ appId }) => appId === app.id),
    act: async (app, { sidecar: { client }, show }) => {
      const [run] = runsOf(app, client.state?.runs ?? []);
      return show({ part: "output", ...(run === undefined ? {} : { run: run.id }) });
    },
  },
  {
    id: CommandIds.retryApp,
    icon: refreshIcon,
    label: "Retry what failed in an app",
    named: "Retry what failed in {title}",
    none: "Nothing has failed",
    fits: (app, state) => state.mode !== "read-only" && failedRun(app, state) !== null,
    act: async (app, { sidecar: { client }, show }) => {
      const failed = client.state === null ? null : failedRun(app, client.state);
      if (failed === null) return;
      const { run } = await client.request("runs.again", { runId: failed.id });
      return show({ run: run.id });
    },
  },
  {
    id: CommandIds.configureApp,
    icon: settingsIcon,
    label: "Change the settings of an app…",
    named: "Change the settings of {title}…",
    none: "No app is installed",
    fits: (app) => app.state === "installed",
    act: (_, { show }) => show({ section: "settings" }),
  },
  {
    id: CommandIds.showFiles,
    icon: folderIcon,
    label: "Show the files of an app",
    named: "Show the files of {title}",
    none: "No app is installed",
    fits: () => true,
    act: (_, { show }) => show({ section: "files" }),
  },
  {
    id: CommandIds.resumeInstall,
    icon: downloadIcon,
    label: "Resume an install",
    named: "Resume installing {title}",
    none: "No install was left half done",
    fits: (app, state) => canChange(app, state) && !runs(app) && app.state === "install-failed",
    act: async ({ id }, { sidecar: { client }, show }) => {
      // The page shows how far it is, and asks where nobody has agreed yet.
      await show();
      await client.request("apps.resume", { appId: id });
    },
  },
  {
    id: CommandIds.updateApp,
    icon: downloadIcon,
    label: "Update an app…",
    named: "Update {title}…",
    none: "No app can be updated now",
    fits: (app, state) => app.state === "installed" && canChange(app, state),
    act: (_, { show }) => show({ change: "update" }),
  },
  {
    id: CommandIds.resetApp,
    icon: undoIcon,
    label: "Reset an app…",
    named: "Reset {title}…",
    none: "No app can be reset now",
    fits: canChange,
    act: (_, { show }) => show({ change: "reset" }),
  },
  {
    id: CommandIds.uninstallApp,
    icon: deleteIcon,
    label: "Uninstall an app…",
    named: "Uninstall {title}…",
    none: "No app can be uninstalled now",
    fits: canChange,
    act: (_, { show }) => show({ change: "uninstall" }),
  },
  {
    id: CommandIds.pinApp,
    icon: pinokioIcon,
    label: "Add or remove a favourite",
    named: "Favourite: add or remove {title}",
    none: "No app is installed",
    fits: (_, { mode }) => mode !== "read-only",
    act: async ({ id, marks }, { sidecar: { client } }) => {
      const change = { favorite: marks?.favorite !== true };
      throwFirst((await client.request("library.mark", { apps: [id], change })).results);
    },
  },
];

function throwFirst(results: readonly { error: Parameters<typeof fromWireError>[0] | null }[]): void {
  for (const { error } of results) if (error !== null) throw fromWireError(error);
}

/** Waits until the sidecar has told what there is; rejects with a `PinokioError` when it cannot be reached. */
export async function knownState({ client }: ISidecar): Promise<Snapshot> {
  const apps = await client.request("apps.list", {});
  const { state } = client;
  if (state !== null) return state;
  const runs = await client.request("runs.list", {});
  return {
    apps,
    runs,
    jobs: [],
    environments: { changes: 0, active: null },
    notices: [],
    mode: "full",
    modeReason: null,
  };
}

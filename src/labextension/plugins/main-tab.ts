import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, WidgetTracker } from "@jupyterlab/apputils";
import { mount } from "../../widgets/mount.js";
import { pinokioIcon } from "../icon.js";
import { CommandIds, ISidecar } from "../tokens.js";
import { viewHost } from "../view-host.js";
import { ViewWidget } from "../view-widget.js";

/** What the panel shows, in the main area, where there is room for it. */
export const mainTabPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:main-tab",
  description: "PinokioCloud in the main area.",
  autoStart: true,
  requires: [ISidecar],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    sidecar: ISidecar,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
  ) => {
    if (labShell === null) return;
    const { t } = sidecar;
    const tracker = new WidgetTracker<ViewWidget>({ namespace: "pinokiocloud-main" });
    app.commands.addCommand(CommandIds.openTab, {
      label: t("Open PinokioCloud in a tab"),
      icon: pinokioIcon,
      execute: (args) => {
        const tab = tracker.currentWidget ?? newTab(sidecar);
        if (!tracker.has(tab)) void tracker.add(tab);
        if (!tab.isAttached) labShell.add(tab, "main", { type: "PinokioCloud" });
        if (args["activate"] !== false) labShell.activateById(tab.id);
      },
      describedBy: { args: { type: "object", properties: {} } },
    });
    palette?.addItem({ command: CommandIds.openTab, category: "PinokioCloud" });
    void restorer?.restore(tracker, {
      command: CommandIds.openTab,
      args: () => ({ activate: false }),
      name: () => "tab",
    });
  },
};

function newTab(sidecar: ISidecar): ViewWidget {
  const tab = new ViewWidget((node, signal) => {
    const { places, ...host } = viewHost(sidecar, signal);
    if (places === undefined) return mount(node, host);
    const { openAll: _, ...others } = places;
    mount(node, { ...host, places: others });
  });
  tab.id = "pinokiocloud-tab";
  tab.title.label = "PinokioCloud";
  tab.title.icon = pinokioIcon;
  tab.title.closable = true;
  return tab;
}

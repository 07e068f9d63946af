import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IStateDB } from "@jupyterlab/statedb";
import { mount } from "../../widgets/mount.js";
import { pinokioIcon } from "../icon.js";
import { ISettings, ISidecar, PANEL_ID } from "../tokens.js";
import { viewHost } from "../view-host.js";
import { ViewWidget } from "../view-widget.js";

const OPENED_ONCE = "pinokiocloud:panel-opened-once";

/** The side panel with the tabs. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:panel",
  description: "The PinokioCloud side panel.",
  autoStart: true,
  requires: [ISidecar, ISettings],
  // Notebook 7 and other applications on these parts lack some of them.
  optional: [ILayoutRestorer, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    sidecar: ISidecar,
    settings: ISettings,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
  ) => {
    const panel = new ViewWidget((node, signal) =>
      mount(node, { ...viewHost(sidecar, signal), navigation: sidecar.navigation }),
    );
    panel.id = PANEL_ID;
    panel.title.icon = pinokioIcon;
    panel.title.caption = "PinokioCloud";
    app.shell.add(panel, "left", { rank: 550, type: "PinokioCloud" });
    restorer?.add(panel, PANEL_ID);
    void app.restored.then(async () => {
      if (await shouldOpen(location.search, settings, state)) app.shell.activateById(PANEL_ID);
    });
  },
};

/** The address may ask for the panel, a setting may, and it introduces itself once. */
async function shouldOpen(query: string, settings: ISettings, state: IStateDB | null): Promise<boolean> {
  if (new URLSearchParams(query).get("pinokiocloud") === "panel") return true;
  await settings.ready;
  if (settings.now.openOnStart) return true;
  if (state === null || (await state.fetch(OPENED_ONCE).catch(() => true)) === true) return false;
  await state.save(OPENED_ONCE, true);
  return true;
}

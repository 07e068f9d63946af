import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IStateDB } from "@jupyterlab/statedb";
import type { ReadonlyPartialJSONObject } from "@lumino/coreutils";
import { KeptMemory } from "../../widgets/kept-memory.js";
import { mount } from "../../widgets/mount.js";
import { pinokioIcon } from "../icon.js";
import { ISettings, ISidecar, PANEL_ID } from "../tokens.js";
import { viewHost } from "../view-host.js";
import { ViewWidget } from "../view-widget.js";

const OPENED_ONCE = "pinokiocloud:panel-opened-once";
const MEMORY = "pinokiocloud:panel-memory";

/** The side panel with the tabs. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:panel",
  description: "The PinokioCloud side panel.",
  autoStart: true,
  requires: [ISidecar, ISettings],
  // Notebook 7 and other applications on these parts lack some of them.
  optional: [ILayoutRestorer, IStateDB, ILabShell],
  activate: (
    app: JupyterFrontEnd,
    sidecar: ISidecar,
    settings: ISettings,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    labShell: ILabShell | null,
  ) => {
    const memory = readMemory(state);
    const panel = new ViewWidget(
      (node, signal) =>
        void memory.then((memory) =>
          mount(node, { ...viewHost(sidecar, signal), navigation: sidecar.navigation, memory }),
        ),
    );
    panel.id = PANEL_ID;
    panel.title.icon = pinokioIcon;
    panel.title.caption = "PinokioCloud";
    app.shell.add(panel, "left", { rank: 550, type: "PinokioCloud" });
    restorer?.add(panel, PANEL_ID);
    void app.restored.then(async () => {
      if (await shouldOpen(location.search, settings, labShell === null ? null : state))
        app.shell.activateById(PANEL_ID);
    });
  },
};

/** What the panel remembered when its page was left. */
async function readMemory(state: IStateDB | null): Promise<Map<string, unknown>> {
  const before = await state?.fetch(MEMORY).catch(() => undefined);
  return new KeptMemory(before, (kept) => void state?.save(MEMORY, kept as ReadonlyPartialJSONObject));
}

/**
 * The address may ask for the panel, a setting may, and it introduces itself once; where nothing is kept between pages,
 * as in Notebook 7, it does not.
 */
async function shouldOpen(query: string, settings: ISettings, state: IStateDB | null): Promise<boolean> {
  if (new URLSearchParams(query).get("pinokiocloud") === "panel") return true;
  await settings.ready;
  if (settings.now.openOnStart) return true;
  if (state === null || (await state.fetch(OPENED_ONCE).catch(() => true)) === true) return false;
  await state.save(OPENED_ONCE, true);
  return true;
}

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ISettingRegistry } from "@jupyterlab/settingregistry";
import { IStateDB } from "@jupyterlab/statedb";
import { type Message } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { mount } from "../../widgets/mount.js";
import { pinokioIcon } from "../icon.js";
import { ISidecar, PANEL_ID } from "../tokens.js";

const OPENED_ONCE = "pinokiocloud:panel-opened-once";

/** The side panel with the tabs. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:panel",
  description: "The PinokioCloud side panel.",
  autoStart: true,
  requires: [ISidecar],
  // Notebook 7 and other applications on these parts lack some of them.
  optional: [ILayoutRestorer, ISettingRegistry, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    sidecar: ISidecar,
    restorer: ILayoutRestorer | null,
    settings: ISettingRegistry | null,
    state: IStateDB | null,
  ) => {
    const panel = new PinokioPanel(sidecar);
    app.shell.add(panel, "left", { rank: 550, type: "PinokioCloud" });
    restorer?.add(panel, PANEL_ID);
    void app.restored.then(async () => {
      if (await shouldOpen(location.search, settings, state)) app.shell.activateById(PANEL_ID);
    });
  },
};

/** The address may ask for the panel, a setting may, and it introduces itself once. */
async function shouldOpen(query: string, settings: ISettingRegistry | null, state: IStateDB | null): Promise<boolean> {
  if (new URLSearchParams(query).get("pinokiocloud") === "panel") return true;
  const ours = await settings?.load(panelPlugin.id).catch(() => null);
  if (ours?.get("openOnStart").composite === true) return true;
  if (state === null || (await state.fetch(OPENED_ONCE).catch(() => true)) === true) return false;
  await state.save(OPENED_ONCE, true);
  return true;
}

/** Draws when it is first seen: a panel that nobody looks at starts nothing. */
class PinokioPanel extends Widget {
  readonly #sidecar: ISidecar;
  #drawn: AbortController | null = null;

  constructor(sidecar: ISidecar) {
    super();
    this.#sidecar = sidecar;
    this.id = PANEL_ID;
    this.addClass("pk-panel-host");
    this.title.icon = pinokioIcon;
    this.title.caption = "PinokioCloud";
  }

  override dispose(): void {
    this.#drawn?.abort();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) this.#draw();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.#draw();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.#draw();
    this.node.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  }

  #draw(): void {
    if (this.#drawn !== null) return;
    this.#drawn = new AbortController();
    const { client, t, navigation } = this.#sidecar;
    const openUrl = (url: string): Promise<void> => this.#sidecar.openUrl(url);
    mount(this.node, { client, t, openUrl, navigation, showsToasts: true, signal: this.#drawn.signal });
  }
}

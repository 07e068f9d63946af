import { DOMWidgetModel, DOMWidgetView, type IJupyterWidgetRegistry } from "@jupyter-widgets/base";
import { VERSION } from "../runtime/protocol/version.js";
import { mountPart } from "../widgets/mount.js";
import { borrowNotebookClient } from "../widgets/notebook-client.js";
import { keepOwnKeys } from "../widgets/own-keys.js";
import { readPart } from "../widgets/part.js";
import type { LiveModels } from "./saved-output.js";
import type { ISidecar } from "./tokens.js";
import { viewHost } from "./view-host.js";

const MODULE = "pinokiocloud";

/** Tells the widget manager how to draw what `pinokiocloud.show()` makes. Names and module are the Python class's. */
export function registerWidgets(registry: IJupyterWidgetRegistry, sidecar: ISidecar, models: LiveModels): void {
  class PinokioModel extends DOMWidgetModel {
    override initialize(...from: Parameters<DOMWidgetModel["initialize"]>): void {
      super.initialize(...from);
      const { model_id: id } = this;
      models.add(id);
      this.once("comm:close", () => models.remove(id));
    }

    override defaults() {
      return {
        ...super.defaults(),
        _model_name: "PinokioModel",
        _model_module: MODULE,
        _model_module_version: VERSION,
        _view_name: "PinokioView",
        _view_module: MODULE,
        _view_module_version: VERSION,
      };
    }
  }

  class PinokioView extends DOMWidgetView {
    readonly #removed = new AbortController();

    override render(): void {
      this.el.classList.add("pk-in-cell");
      keepOwnKeys(this.el, this.#removed.signal);
      void this.#draw();
    }

    override remove() {
      this.#removed.abort();
      return super.remove();
    }

    async #draw(): Promise<void> {
      const { signal } = this.#removed;
      const relayed = await this.#isRelayed();
      if (signal.aborted) return;
      const part = readPart(this.model.get("view"), this.model.get("app"));
      if (relayed) return mountPart(this.el, viewHost(sidecar, signal), part);
      const { t, openInBrowser: openUrl, reach } = sidecar;
      mountPart(this.el, { client: borrowNotebookClient(this.model, signal), t, openUrl, reach, signal }, part);
    }

    /** The relay reaches the default home only; one that the notebook chose is reached through its kernel. */
    #isRelayed(): Promise<boolean> {
      const home: unknown = this.model.get("home");
      if (typeof home === "string" && home !== "") return Promise.resolve(false);
      return sidecar.health().then(
        () => true,
        () => false,
      );
    }
  }

  registry.registerWidget({ name: MODULE, version: VERSION, exports: { PinokioModel, PinokioView } });
}

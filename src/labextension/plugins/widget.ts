import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ISidecar } from "../tokens.js";

/** Draws the notebook widget without anywidget, and over the page's connection instead of the kernel where it can. */
export const widgetPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:widget",
  description: "The PinokioCloud notebook widget.",
  autoStart: true,
  requires: [ISidecar],
  activate: async (app: JupyterFrontEnd, sidecar: ISidecar) => {
    // Imported here and not above: where ipywidgets is not installed, nobody provides this package and the import fails.
    const base = await import("@jupyter-widgets/base").catch(() => null);
    if (base === null) return;
    const registry = await app.resolveOptionalService(base.IJupyterWidgetRegistry);
    if (registry === null) return;
    const { registerWidgets } = await import("../widget-classes.js");
    registerWidgets(registry, sidecar);
  },
};

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { Widget } from "@lumino/widgets";
import { createLiveModels, sayWhatIsGone } from "../saved-output.js";
import { ISidecar } from "../tokens.js";

/** Draws the notebook widget without anywidget, and over the page's connection instead of the kernel where it can. */
export const widgetPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:widget",
  description: "The PinokioCloud notebook widget.",
  autoStart: true,
  requires: [ISidecar],
  activate: async (app: JupyterFrontEnd, sidecar: ISidecar) => {
    const models = createLiveModels();
    // At once: a notebook that was open before is drawn soon.
    app.docRegistry.addWidgetExtension("Notebook", {
      createNew: (panel, context) => {
        sayWhatIsGone((panel as NotebookPanel).content.rendermime, context.sessionContext, models, sidecar.t);
      },
    });
    // Imported here and not above: where ipywidgets is not installed, nobody provides this package and the import fails.
    const base = await import("@jupyter-widgets/base").catch(() => null);
    if (base === null) return;
    const registry = await app.resolveOptionalService(base.IJupyterWidgetRegistry);
    if (registry === null) return;
    const { registerWidgets } = await import("../widget-classes.js");
    registerWidgets(registry, sidecar, models);
  },
};

/** What an extension of notebooks is given; `@jupyterlab/notebook` is not needed for more. */
interface NotebookPanel extends Widget {
  readonly content: Widget & { readonly rendermime: Parameters<typeof sayWhatIsGone>[0] };
}

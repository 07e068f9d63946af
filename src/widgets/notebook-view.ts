import { colabKernel } from "./colab.js";
import { borrowNotebookClient, type NotebookModel } from "./notebook-client.js";
import { mountPart } from "./mount.js";
import { openInBrowser, openTab, type Surroundings } from "./open-url.js";
import { keepOwnKeys } from "./own-keys.js";
import { hasServerProxy } from "./server-proxy.js";
import { readPart } from "./part.js";
import { untranslated, type ViewHost } from "./view.js";

/** The view of a cell's output, in anywidget's form: `render` may be called several times and returns the clean-up. */
export default {
  render({ model, el }: { model: NotebookModel; el: HTMLElement }): () => void {
    const removed = new AbortController();
    el.classList.add("pk-in-cell");
    keepOwnKeys(el, removed.signal);
    const host: ViewHost = {
      client: borrowNotebookClient(model, removed.signal),
      t: untranslated,
      openUrl: async (url) => openInBrowser(url, await lookAround(), openTab),
      signal: removed.signal,
    };
    mountPart(el, host, readPart(model.get("view"), model.get("app")));
    return () => removed.abort();
  },
};

async function lookAround(): Promise<Surroundings> {
  const colab = colabKernel(window);
  const baseUrl = jupyterBaseUrl(document);
  return {
    pageUrl: location.href,
    baseUrl,
    serverProxy: baseUrl !== null && (await hasServerProxy(baseUrl)),
    colabPort: colab === null ? null : (port) => colab.proxyPort(port, { cache: true }),
  };
}

/** JupyterLab and Notebook leave their settings in the page. */
function jupyterBaseUrl(page: Document): string | null {
  const text = page.getElementById("jupyter-config-data")?.textContent;
  if (text == null) return null;
  try {
    const { baseUrl } = JSON.parse(text) as { baseUrl?: unknown };
    return typeof baseUrl === "string" ? baseUrl : null;
  } catch {
    return null;
  }
}

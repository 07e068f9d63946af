import { colabKernel } from "./colab.js";
import { borrowNotebookClient, type NotebookModel } from "./notebook-client.js";
import { mountPart } from "./mount.js";
import { findAddress, localPort, openInBrowser, openTab, reachesPorts, type Surroundings } from "./open-url.js";
import { keepOwnKeys } from "./own-keys.js";
import { pagesBelow } from "./pages/cell-page.js";
import { refusalOf } from "./pages/framing.js";
import { hasServerProxy } from "./server-proxy.js";
import { readPart } from "./part.js";
import { reachOf } from "./reach.js";
import { tellPagePath } from "./tell-page-path.js";
import { untranslated, type ViewHost } from "./view.js";

/** The view of a cell's output, in anywidget's form: `render` may be called several times and returns the clean-up. */
export default {
  render({ model, el }: { model: NotebookModel; el: HTMLElement }): () => void {
    const removed = new AbortController();
    el.classList.add("pk-in-cell");
    keepOwnKeys(el, removed.signal);
    const client = borrowNotebookClient(model, removed.signal);
    tellPagePath(client, lookAround);
    const showBelow = pagesBelow(el, untranslated, removed.signal);
    const host: ViewHost = {
      client,
      t: untranslated,
      openUrl: async (url) => {
        const around = await lookAround();
        if (around.colabPort === null || localPort(url) === null) return openInBrowser(url, around, openTab);
        // Colab's output may open no tab by itself; a link that is pressed does.
        const address = await findAddress(url, around);
        const framing = await client.request("pages.framing", { url }).catch(() => null);
        showBelow(address, framing === null ? null : refusalOf(framing, address, location.href));
      },
      reach: async () => reachOf(await lookAround()),
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
    serverProxy: baseUrl !== null && !reachesPorts(location.href) && (await hasServerProxy(baseUrl)),
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

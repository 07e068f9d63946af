import { draw } from "./mount.js";
import { type PageTab, PageTabView } from "./pages/page-tab.js";
import type { ViewHost } from "./view.js";

/** Draws what stands below a web page of an app, and in its place while it cannot be shown. */
export function mountPage(element: HTMLElement, host: ViewHost, tab: PageTab): void {
  draw(element, host.signal, <PageTabView host={host} tab={tab} />);
}

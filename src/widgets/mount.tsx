import { createRoot } from "react-dom/client";
import { FrameView } from "./frame.js";
import { addStyles } from "./style/add-styles.js";
import { tabs } from "./tabs/index.js";
import { watchTheme } from "./theme.js";
import type { ViewHost } from "./view.js";

/** Draws the tabs into the element until the host's signal aborts. The element gives the size. */
export function mount(element: HTMLElement, host: ViewHost): void {
  const { signal } = host;
  if (signal.aborted) return;
  const page = element.ownerDocument;
  const frame = page.createElement("div");
  frame.className = "pk-root";
  element.append(frame);
  addStyles(frame, signal);
  watchTheme(page, signal, (theme) => (frame.dataset.pkTheme = theme));
  const root = createRoot(frame);
  root.render(<FrameView host={host} tabs={tabs} />);
  signal.addEventListener("abort", () => {
    root.unmount();
    frame.remove();
  });
}

import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import type { AppId } from "../runtime/protocol/ids.js";
import { FrameView } from "./frame.js";
import { keepFocus } from "./keep-focus.js";
import { LoneAppPage } from "./lone-frame.js";
import type { Part } from "./part.js";
import { PartView } from "./part-view.js";
import { addStyles } from "./style/add-styles.js";
import { tabs } from "./tabs/index.js";
import { watchTheme } from "./theme.js";
import type { ViewHost } from "./view.js";

/** Draws the tabs into the element until the host's signal aborts. The element gives the size. */
export function mount(element: HTMLElement, host: ViewHost): void {
  draw(element, host.signal, <FrameView host={host} tabs={tabs} />);
}

/** As `mount`, for one app's page alone. */
export function mountApp(element: HTMLElement, host: ViewHost, appId: AppId): void {
  draw(element, host.signal, <LoneAppPage host={host} appId={appId} />);
}

/** As `mount`, for what a cell asks for: a part, or everything. */
export function mountPart(element: HTMLElement, host: ViewHost, part: Part | null): void {
  if (part === null) mount(element, host);
  else draw(element, host.signal, <PartView host={host} tabs={tabs} part={part} />);
}

/** Draws a view into the element, with its styles and the page's theme, until the signal aborts. */
export function draw(element: HTMLElement, signal: AbortSignal, view: ReactNode): void {
  if (signal.aborted) return;
  const page = element.ownerDocument;
  const frame = page.createElement("div");
  frame.className = "pk-root";
  element.append(frame);
  addStyles(frame, signal);
  keepFocus(frame, signal);
  watchTheme(page, signal, (theme) => (frame.dataset.pkTheme = theme));
  const root = createRoot(frame);
  root.render(view);
  signal.addEventListener("abort", () => {
    root.unmount();
    frame.remove();
  });
}

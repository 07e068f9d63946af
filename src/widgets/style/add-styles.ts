import { VERSION } from "../../runtime/protocol/version.js";
import { FAILURE_CSS } from "./failure-css.js";
import { FRAME_CSS } from "./frame-css.js";
import { LIMITS_CSS } from "./limits-css.js";
import { PAGE_CSS } from "./page-css.js";
import { PARTS_CSS } from "./parts-css.js";
import { RUN_CSS } from "./run-css.js";
import { TABS_CSS } from "./tabs-css.js";
import { TERMINAL_CSS } from "./terminal-css.js";
import { TOKENS_CSS } from "./tokens-css.js";

const CSS = [TOKENS_CSS, FRAME_CSS, PARTS_CSS, TABS_CSS, PAGE_CSS, FAILURE_CSS, RUN_CSS, TERMINAL_CSS, LIMITS_CSS].join(
  "",
);
const MARK = "data-pinokiocloud-styles";

/** Gives the document or shadow root around the element our style sheet, once. */
export function addStyles(element: HTMLElement, signal: AbortSignal): void {
  const add = () => {
    const root = element.getRootNode();
    addTo(root instanceof ShadowRoot ? root : element.ownerDocument.head);
  };
  add();
  if (element.isConnected || typeof ResizeObserver === "undefined") return;
  // Hosts may draw first and attach later; where it is then is known once it has a size.
  const attached = new ResizeObserver(() => {
    add();
    attached.disconnect();
  });
  attached.observe(element);
  signal.addEventListener("abort", () => attached.disconnect());
}

function addTo(root: ShadowRoot | HTMLHeadElement): void {
  if (root.querySelector(`style[${MARK}="${VERSION}"]`) !== null) return;
  const style = document.createElement("style");
  style.setAttribute(MARK, VERSION);
  style.textContent = CSS;
  root.append(style);
}

import { VERSION } from "../../runtime/protocol/version.js";
import { CHANGES_CSS } from "./changes-css.js";
import { CONTRAST_CSS } from "./contrast-css.js";
import { DISCOVER_CSS } from "./discover-css.js";
import { ENVIRONMENTS_CSS } from "./environments-css.js";
import { CONFIG_CSS } from "./config-css.js";
import { FAILURE_CSS } from "./failure-css.js";
import { FILES_CSS } from "./files-css.js";
import { FRAME_CSS } from "./frame-css.js";
import { LIBRARY_CSS } from "./library-css.js";
import { INPUTS_CSS } from "./inputs-css.js";
import { INSTALL_CSS } from "./install-css.js";
import { LIMITS_CSS } from "./limits-css.js";
import { PAGE_CSS } from "./page-css.js";
import { PARTS_CSS } from "./parts-css.js";
import { RESOURCES_CSS } from "./resources-css.js";
import { RUN_CSS } from "./run-css.js";
import { SYSTEM_CSS } from "./system-css.js";
import { TABS_CSS } from "./tabs-css.js";
import { TERMINAL_CSS } from "./terminal-css.js";
import { TOKENS_CSS } from "./tokens-css.js";

const CSS = [
  TOKENS_CSS,
  FRAME_CSS,
  INPUTS_CSS,
  PARTS_CSS,
  TABS_CSS,
  DISCOVER_CSS,
  PAGE_CSS,
  FAILURE_CSS,
  RUN_CSS,
  INSTALL_CSS,
  TERMINAL_CSS,
  LIMITS_CSS,
  CONFIG_CSS,
  ENVIRONMENTS_CSS,
  LIBRARY_CSS,
  CHANGES_CSS,
  FILES_CSS,
  RESOURCES_CSS,
  SYSTEM_CSS,
  CONTRAST_CSS,
].join("");
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

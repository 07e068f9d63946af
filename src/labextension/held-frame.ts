import { makePageFrame } from "../widgets/pages/page-frame.js";

const layers = new WeakMap<Element, HTMLElement>();

/**
 * A frame that lies over an element and goes where it goes. A browser starts a frame anew when it is taken out of the
 * page, which a tab is when somebody moves it. So the frame is beside the tabs, in a layer of the area that they are
 * moved in, and follows.
 */
export class HeldFrame {
  readonly node: HTMLIFrameElement;
  /** What it lies over. */
  readonly #place: HTMLElement;

  constructor(place: HTMLElement, title: string) {
    this.#place = place;
    this.node = makePageFrame(place.ownerDocument, title);
    this.node.className = "pk-held-frame";
  }

  show(address: string): void {
    if (this.node.getAttribute("src") !== address) this.node.src = address;
  }

  reload(): void {
    // Setting the address is all that can be done with a page of another origin.
    this.node.src = this.node.getAttribute("src") ?? "about:blank";
  }

  /** Puts it over its place, or out of sight. */
  follow(isSeen: boolean): void {
    const layer = layerFor(this.#place);
    if (layer === null) return;
    if (this.node.parentElement !== layer) layer.append(this.node);
    const box = this.#place.getBoundingClientRect();
    const around = layer.getBoundingClientRect();
    const isThere = isSeen && box.width > 0 && box.height > 0;
    this.node.classList.toggle("pk-away", !isThere);
    // One that is out of sight keeps its size, so that the page has nothing to lay out anew.
    if (!isThere) return;
    const { style } = this.node;
    style.left = `${box.left - around.left}px`;
    style.top = `${box.top - around.top}px`;
    style.width = `${box.width}px`;
    style.height = `${box.height}px`;
  }

  remove(): void {
    this.node.remove();
  }
}

/** Whether tabs can be moved in it. */
export const isArea = (node: Element): boolean => node.classList.contains("lm-DockPanel");

/** The layer of the area that the element's tab can be moved in; where there is no such area, of the element itself. */
function layerFor(place: HTMLElement): HTMLElement | null {
  if (!place.isConnected) return null;
  const area = place.closest(".lm-DockPanel") ?? place;
  const known = layers.get(area);
  if (known?.isConnected === true) return known;
  const layer = place.ownerDocument.createElement("div");
  layer.className = "pk-frame-layer";
  area.append(layer);
  layers.set(area, layer);
  giveWayToPointer(layer);
  return layer;
}

/** A frame keeps the pointer from whatever is dragged over it. Presses inside of a frame are not heard of here. */
function giveWayToPointer(layer: HTMLElement): void {
  const page = layer.ownerDocument;
  const press = (isPressed: boolean) => () => void layer.classList.toggle("pk-pressed", isPressed);
  page.addEventListener("pointerdown", press(true), true);
  for (const over of ["pointerup", "pointercancel", "dragend", "drop"]) page.addEventListener(over, press(false), true);
}

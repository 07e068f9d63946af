import type { Message } from "@lumino/messaging";
import { HeldFrame, isArea } from "./held-frame.js";
import { ViewWidget } from "./view-widget.js";

/** The content of a tab with a web page: what `draw` shows, and over it the page, once there is one to show. */
export class PageWidget extends ViewWidget {
  #frame: HeldFrame | null = null;
  readonly #sizes = new ResizeObserver(() => this.#follow());
  readonly #moves = new MutationObserver(() => this.#follow());

  /** Shows the page at this address; null shows what is below. */
  showPage(address: string | null): void {
    const place = this.node.querySelector<HTMLElement>(".pk-lone");
    if (address === null || place === null) {
      this.#frame?.remove();
      this.#frame = null;
      return;
    }
    if (this.#frame === null) {
      this.#frame = new HeldFrame(place, this.title.label);
      this.#sizes.observe(place);
    }
    this.#frame.show(address);
    this.#follow();
  }

  /** Loads the page anew. */
  reload(): void {
    this.#frame?.reload();
  }

  override dispose(): void {
    this.#sizes.disconnect();
    this.#moves.disconnect();
    this.showPage(null);
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    // A move without a new size changes nothing but the style of whatever stands directly in the area.
    this.#moves.disconnect();
    for (let around: Element | null = this.node; around !== null && !isArea(around); around = around.parentElement) {
      this.#moves.observe(around, { attributes: true, attributeFilter: ["style", "class"] });
    }
    this.#follow();
  }

  protected override onBeforeDetach(message: Message): void {
    super.onBeforeDetach(message);
    this.#frame?.follow(false);
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.#follow();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.#frame?.follow(false);
  }

  protected override onActivateRequest(message: Message): void {
    if (this.#frame === null) super.onActivateRequest(message);
    else this.#frame.node.focus();
  }

  #follow(): void {
    this.#frame?.follow(this.isVisible);
  }
}

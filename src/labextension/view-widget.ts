import type { Message } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";

/** Draws when it is first seen: what nobody looks at starts nothing. */
export class ViewWidget extends Widget {
  readonly #draw: (node: HTMLElement, signal: AbortSignal) => void;
  readonly #removed = new AbortController();
  #isDrawn = false;

  constructor(draw: (node: HTMLElement, signal: AbortSignal) => void) {
    super();
    this.#draw = draw;
    this.addClass("pk-panel-host");
    this.node.tabIndex = -1;
  }

  override dispose(): void {
    this.#removed.abort();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) this.#drawOnce();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.#drawOnce();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.#drawOnce();
    const first = '[role="tab"][aria-selected="true"], .pk-page-title, .pk-lone';
    // Until something is drawn, itself: JupyterLab takes for the current tab what has the focus.
    (this.node.querySelector<HTMLElement>(first) ?? this.node).focus();
  }

  #drawOnce(): void {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    this.#draw(this.node, this.#removed.signal);
  }
}

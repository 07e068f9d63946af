/**
 * Keys without Ctrl, Alt or Meta that are pressed inside the element are for the view: in a notebook they would run,
 * add or delete cells. JupyterLab leaves alone what is marked so, and looks at the focused element first.
 */
export function keepOwnKeys(element: HTMLElement, signal: AbortSignal): void {
  const onKeyDown = ({ target, ctrlKey, altKey, metaKey }: KeyboardEvent) => {
    if (!(target instanceof Element) || !element.contains(target)) return;
    target.toggleAttribute("data-lm-suppress-shortcuts", !ctrlKey && !altKey && !metaKey);
  };
  // JupyterLab listens at the document while the event goes down; the window is before that.
  window.addEventListener("keydown", onKeyDown, { capture: true, signal });
}

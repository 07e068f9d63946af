/** Once a person has stopped pulling at an edge. */
const SETTLED_MS = 150;

export interface PlaceListener {
  /** The person turns to it, or its size has changed while they look at it. */
  onLook(): void;
  /** The page has become light or dark. */
  onRecoloured(): void;
}

/** Tells when somebody looks at a place of the page, beginning now, until the signal aborts. */
export function watchPlace(place: HTMLElement, signal: AbortSignal, { onLook, onRecoloured }: PlaceListener): void {
  const page = place.ownerDocument;
  const look = () => {
    if (page.visibilityState === "visible" && place.clientWidth > 0) onLook();
  };
  for (const turning of ["focusin", "pointerdown"]) place.addEventListener(turning, look, { signal });
  page.addEventListener("visibilitychange", look, { signal });

  let settled: ReturnType<typeof setTimeout> | undefined;
  let known = sizeOf(place);
  const sized = new ResizeObserver(() => {
    const now = sizeOf(place);
    if (now === known) return; // told once when it begins, too
    known = now;
    clearTimeout(settled);
    settled = setTimeout(look, SETTLED_MS);
  });
  sized.observe(place);
  look();

  const recoloured = new MutationObserver(onRecoloured);
  const root = place.closest("[data-pk-theme]");
  if (root !== null) recoloured.observe(root, { attributeFilter: ["data-pk-theme"] });

  signal.addEventListener("abort", () => {
    clearTimeout(settled);
    sized.disconnect();
    recoloured.disconnect();
  });
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement): string => `${clientWidth} ${clientHeight}`;

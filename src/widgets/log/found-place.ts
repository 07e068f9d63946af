const NAME = "pk-found";
/** Lines above it that stay in sight. */
const ABOVE_PX = 48;

/** Scrolls to the place and marks it where the browser can; false when it is not there yet. */
export function showPlace(box: HTMLElement, place: Range | null): boolean {
  if (place === null) return false;
  if (typeof Highlight !== "undefined") CSS.highlights.set(NAME, new Highlight(place));
  if (typeof place.getBoundingClientRect !== "function") return true;
  const distance = place.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTop += distance - ABOVE_PX;
  return true;
}

export function forgetPlace(): void {
  if (typeof Highlight !== "undefined") CSS.highlights.delete(NAME);
}

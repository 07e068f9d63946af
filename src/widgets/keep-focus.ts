/** What Tab leads to. */
export const REACHED = 'a[href], summary, [tabindex="0"], :is(button, input, select, textarea):not([tabindex="-1"])';
const MOST_REMEMBERED = 20;

/**
 * What has the focus may go away: a sheet closes, a question is answered, a button makes way for another one. Browsers
 * leave the focus on the page then, and who uses the keyboard begins again at its top. Here it goes to what came in its
 * place, else to what a person had before around there, else to what stands there; farther and farther out until
 * something takes it. What comes to the place later has it as well, as long as nobody has done anything in between.
 */
export function keepFocus(root: HTMLElement, signal: AbortSignal): void {
  const page = root.ownerDocument;
  let last: Element | null = null;
  /** All around it, from the inside out. */
  let around: Element[] = [];
  let before: Element[] = [];
  /** Where something has gone, and what has the focus instead, until a person does something. */
  let gap: { place: Element; kept: Element } | null = null;

  const removals = new MutationObserver((records) => {
    if (last === null) return;
    if (root.contains(last)) {
      if (gap !== null && gap.kept === page.activeElement) take(addedTo(gap.place, records));
      return;
    }
    const gone = last;
    forget();
    if (page.activeElement !== page.body && page.activeElement !== null) return;
    const places = around.filter((place) => root.contains(place));
    before = before.filter((element) => root.contains(element));
    const [place] = places;
    if (place === undefined) return;
    const row = records.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(gone)));
    const kept =
      take(addedTo(place, records)) === null ? take(refuges(places, before, row?.nextSibling ?? null)) : null;
    if (kept !== null && !isList(place)) gap = { place, kept };
  });

  const take = (elements: Iterable<Element>): Element | null => {
    for (const element of elements) {
      // One more Enter would do what cannot be undone.
      if (element.matches(".pk-button-danger")) continue;
      (element as HTMLElement).focus({ preventScroll: true });
      if (page.activeElement === element) return element;
    }
    return null;
  };
  const forget = (): void => {
    last = null;
    gap = null;
    removals.disconnect();
  };

  const onFocusIn = ({ target }: Event): void => {
    if (!(target instanceof Element) || target === last) return;
    gap = null;
    if (last === null) removals.observe(root, { childList: true, subtree: true });
    last = target;
    around = [];
    for (let place = target.parentElement; place !== null && root.contains(place); place = place.parentElement)
      around.push(place);
    before = [...before.filter((element) => element !== target), target].slice(-MOST_REMEMBERED);
  };
  // Some browsers tell of what they are about to remove: whether that is so shows when they are done.
  const onFocusOut = ({ target }: Event): void =>
    queueMicrotask(() => {
      if (last !== null && target === last && root.contains(last) && page.activeElement !== last) forget();
    });
  let pressedAt: EventTarget | null = null;
  const onKeyDown = (event: KeyboardEvent): void => {
    gap = null;
    if (!event.repeat) pressedAt = event.target;
    // A key that is held must not press what the focus has come to.
    if (event.repeat && event.key === "Enter" && (event.target as Element).matches("button")) event.preventDefault();
  };

  // Nor does a key that went down elsewhere, such as the Enter that ended what was typed there.
  const onKeyPressed = (event: KeyboardEvent): void => {
    const presses = event.key === (event.type === "keypress" ? "Enter" : " ");
    if (presses && event.target !== pressedAt && (event.target as Element).matches("button, summary"))
      event.preventDefault();
  };

  root.addEventListener("focusin", onFocusIn, { signal });
  root.addEventListener("focusout", onFocusOut, { signal });
  root.addEventListener("keydown", onKeyDown, { capture: true, signal });
  for (const type of ["keypress", "keyup"] as const)
    root.addEventListener(type, onKeyPressed, { capture: true, signal });
  root.addEventListener("pointerdown", () => (gap = null), { capture: true, signal });
  signal.addEventListener("abort", forget);
}

function* refuges(places: readonly Element[], before: readonly Element[], next: Node | null): Generator<Element> {
  for (const [at, place] of places.entries()) {
    if (isList(place)) {
      const row = places[at - 1];
      for (const near of row === undefined ? [next] : [row.nextElementSibling, row.previousElementSibling])
        if (near instanceof Element && place.contains(near)) yield* reachedIn(near);
      yield* reachedIn(place).reverse();
    }
    yield* before.filter((element) => place.contains(element)).reverse();
    if (place.matches("[tabindex]")) yield place;
    yield* place.querySelectorAll('h2[tabindex="-1"]');
    yield* reachedIn(place);
  }
}

const isList = (place: Element): boolean => place.matches("ul, ol");

const addedTo = (place: Element, records: readonly MutationRecord[]): Element[] =>
  records
    .filter(({ target }) => target === place)
    .flatMap(({ addedNodes }) => [...addedNodes].filter((node) => node instanceof Element && place.contains(node)))
    .flatMap((node) => reachedIn(node as Element));

const reachedIn = (place: Element): Element[] => [
  ...(place.matches(REACHED) ? [place] : []),
  ...place.querySelectorAll(REACHED),
];

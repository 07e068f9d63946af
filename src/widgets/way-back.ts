import { type RefObject, useCallback, useLayoutEffect, useRef } from "react";
import { REACHED } from "./keep-focus.js";

/**
 * What had the focus in the panel before something else was shown there has it again afterwards. It is found by its
 * words, since views are drawn anew when somebody comes back to them. Returns what is called before that is shown.
 */
export function useWayBack(panel: RefObject<HTMLElement>, isAway: boolean): () => void {
  const from = useRef<{ area: string | null; words: string } | null>(null);
  const away = useRef(isAway);
  away.current = isAway;
  const wasAway = useRef(false);
  useLayoutEffect(() => {
    const isBack = wasAway.current && !isAway;
    wasAway.current = isAway;
    // Who has gone elsewhere stays there.
    if (!isBack || !isOnNothing(document.activeElement)) return;
    const { area, words } = from.current ?? { area: null, words: "" };
    const reached = [...(panel.current?.querySelectorAll<HTMLElement>(REACHED) ?? [])];
    const near = reached.filter((element) => areaOf(element) === area);
    const same = near.find((element) => wordsOf(element) === words);
    (same ?? (area === null ? null : near[0]) ?? panel.current)?.focus({ preventScroll: true });
  }, [panel, isAway]);
  return useCallback(() => {
    const active = document.activeElement;
    if (away.current) return;
    const isHere = active !== null && active !== panel.current && panel.current?.contains(active) === true;
    from.current = isHere ? { area: areaOf(active), words: wordsOf(active) } : null;
  }, [panel]);
}

const isOnNothing = (active: Element | null): boolean => active === null || active === document.body;

const areaOf = (element: Element): string | null =>
  element.closest("article[aria-label], section[aria-label]")?.getAttribute("aria-label") ?? null;

const wordsOf = (element: Element): string => element.getAttribute("aria-label") ?? element.textContent ?? "";

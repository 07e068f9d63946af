import { type RefObject, useEffect } from "react";
import type { ShelfItem, ShelfThing } from "../../runtime/protocol/shelf.js";
import { type Frame, remember, useRemembered } from "../host.js";
import { nameOn } from "./use-arranging.js";

const KEY = "library shows";

/** My Library brings it into sight, once it is there. */
export const showInLibrary = (memory: Frame["memory"], thing: ShelfThing): void => remember(memory, KEY, thing);

export function useShownThing(view: RefObject<HTMLElement>, items: readonly ShelfItem[], occasion: unknown): void {
  const [thing, setThing] = useRemembered<ShelfThing | null>(KEY, null);
  useEffect(() => {
    const name = thing === null || view.current === null ? null : nameOn(view.current, thing, items);
    if (name === null) return;
    setThing(null);
    name.scrollIntoView?.({ block: "center" });
    name.focus({ preventScroll: true });
  }, [view, thing, setThing, items, occasion]);
}

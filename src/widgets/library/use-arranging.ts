import { type DragEvent, type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import type { ShelfItem, ShelfPlace, ShelfThing } from "../../runtime/protocol/shelf.js";
import { type Action, useAction, useHost } from "../host.js";
import { dropPlace, type Edge, folderOf, keyOf, stepPlace } from "./places.js";
import { throwFirst } from "./results.js";

/** Where something would be dropped. */
export interface DropMark {
  key: string;
  edge: Edge;
}

export interface Arranging {
  /** For the list that holds everything. */
  handlers: {
    onDragStart(event: DragEvent): void;
    onDragOver(event: DragEvent): void;
    onDrop(event: DragEvent): void;
    onDragEnd(): void;
    onKeyDown(event: KeyboardEvent): void;
  };
  mark: DropMark | null;
  /** What somebody who sees nothing hears. */
  spoken: string;
  action: Action;
}

/** On what stands in the list: says what thing it is. */
export const thingAttributes = (thing: ShelfThing): { "data-thing": string } => ({
  "data-thing": JSON.stringify(thing),
});

/** Apps and folders are arranged by dragging them, and by Alt with the arrow keys. */
export function useArranging(
  items: readonly ShelfItem[],
  nameOf: (thing: ShelfThing) => string,
  isOn: boolean,
): Arranging {
  const { client, t } = useHost();
  const action = useAction();
  const dragged = useRef<ShelfThing | null>(null);
  const focused = useRef<{ list: Element; thing: ShelfThing } | null>(null);
  const [mark, setMark] = useState<DropMark | null>(null);
  const [spoken, setSpoken] = useState("");

  // A browser takes the focus from what is moved in the page.
  useLayoutEffect(() => {
    const { current } = focused;
    focused.current = null;
    const active = document.activeElement;
    if (current === null || (active !== null && active !== document.body && active.shadowRoot === null)) return;
    nameOn(current.list, current.thing, items)?.focus();
  }, [items]);

  const move = (thing: ShelfThing, to: ShelfPlace, words: string): void =>
    action.start(async () => {
      throwFirst((await client.request("library.move", { things: [thing], to })).results);
      setSpoken(words);
    });

  const over = (event: DragEvent): { place: ShelfPlace; mark: DropMark } | null => {
    const thing = dragged.current;
    const found = thingAt(event.target);
    if (thing === null || found === null) return null;
    const box = found.element.getBoundingClientRect();
    const share = (event.clientY - box.top) / Math.max(box.height, 1);
    const isFolder = "folder" in found.thing && "app" in thing;
    const edge: Edge = isFolder ? (share < 0.25 ? "before" : "into") : share < 0.5 ? "before" : "after";
    const place = dropPlace(items, thing, found.thing, edge);
    return place === null ? null : { place, mark: { key: keyOf(found.thing), edge } };
  };

  return {
    mark,
    spoken,
    action,
    handlers: {
      onDragStart: (event) => {
        const found = thingAt(event.target);
        if (!isOn || found === null) return;
        dragged.current = found.thing;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", nameOf(found.thing));
        event.dataTransfer.setDragImage(found.element, 16, 16);
      },
      onDragOver: (event) => {
        const found = over(event);
        if (found === null) return setMark(null);
        event.preventDefault();
        event.dataTransfer.dropEffect = "move";
        setMark((before) => (before?.key === found.mark.key && before.edge === found.mark.edge ? before : found.mark));
      },
      onDrop: (event) => {
        const found = over(event);
        const thing = dragged.current;
        setMark(null);
        dragged.current = null;
        if (found === null || thing === null) return;
        event.preventDefault();
        move(thing, found.place, t("{name} was moved", { name: nameOf(thing) }));
      },
      onDragEnd: () => {
        dragged.current = null;
        setMark(null);
      },
      onKeyDown: (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined;
        if (step === undefined || isTextField(event.target)) return;
        const found = thingAt(event.target);
        if (found === null) return;
        if (!event.altKey) return focusNext(event, step);
        event.preventDefault();
        const to = isOn ? stepPlace(items, found.thing, step) : null;
        if (to === null || action.busy) return;
        focused.current = { list: event.currentTarget, thing: found.thing };
        const values = { name: nameOf(found.thing) };
        move(found.thing, to, step === -1 ? t("{name} was moved up", values) : t("{name} was moved down", values));
      },
    },
  };
}

function thingAt(target: EventTarget): { element: Element; thing: ShelfThing } | null {
  const element = target instanceof Element ? target.closest("[data-thing]") : null;
  const written = element?.getAttribute("data-thing");
  if (element === null || written === null || written === undefined) return null;
  return { element, thing: JSON.parse(written) as ShelfThing };
}

/** What of a thing has the focus: its name, or that of the folder it is hidden in. */
function nameOn(list: Element, thing: ShelfThing, items: readonly ShelfItem[]): HTMLElement | null {
  const find = (wanted: ShelfThing): HTMLElement | null =>
    [...list.querySelectorAll("[data-thing]")]
      .find((element) => element.getAttribute("data-thing") === JSON.stringify(wanted))
      ?.querySelector<HTMLElement>(NAMES) ?? null;
  const folder = "app" in thing ? folderOf(items, thing.app) : null;
  return find(thing) ?? (folder === null ? null : find({ folder }));
}

const isTextField = (target: EventTarget): boolean =>
  target instanceof HTMLElement && target.matches("input, textarea, select, [role=menuitem], [role=log], [role=log] *");

/** From the name of one row to that of the next. */
function focusNext(event: KeyboardEvent, step: -1 | 1): void {
  const { target, currentTarget } = event;
  if (!(target instanceof HTMLElement) || !target.matches(NAMES)) return;
  const names = [...currentTarget.querySelectorAll<HTMLElement>(NAMES)];
  const next = names[names.indexOf(target) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

const NAMES = ".pk-title-link, .pk-folder-title";

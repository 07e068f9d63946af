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

interface ArrangingOptions {
  isOn: boolean;
  /** Apps stand beside one another, too. */
  isGrid: boolean;
}

/** Apps and folders are arranged by dragging them, and by Alt with the arrow keys. */
export function useArranging(
  items: readonly ShelfItem[],
  nameOf: (thing: ShelfThing) => string,
  { isOn, isGrid }: ArrangingOptions,
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
    const share = isGrid && "app" in found.thing ? shareAcross(event, found.element) : shareDown(event, found.element);
    const isFolder = "folder" in found.thing && "app" in thing;
    const isHead = !found.element.matches(EMPTY_FOLDER);
    const edge: Edge = isFolder ? (isHead && share < 0.25 ? "before" : "into") : share < 0.5 ? "before" : "after";
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
        const step = (isGrid ? GRID_STEPS : LIST_STEPS)[event.key];
        if (step === undefined || isTextField(event.target)) return;
        const found = thingAt(event.target);
        if (found === null) return;
        if (!event.altKey) return focusNext(event, step, isGrid && event.key in LIST_STEPS);
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
export function nameOn(list: Element, thing: ShelfThing, items: readonly ShelfItem[]): HTMLElement | null {
  const find = (wanted: ShelfThing): HTMLElement | null =>
    [...list.querySelectorAll("[data-thing]")]
      .find((element) => element.getAttribute("data-thing") === JSON.stringify(wanted))
      ?.querySelector<HTMLElement>(NAMES) ?? null;
  const folder = "app" in thing ? folderOf(items, thing.app) : null;
  return find(thing) ?? (folder === null ? null : find({ folder }));
}

const isTextField = (target: EventTarget): boolean =>
  target instanceof HTMLElement && target.matches("input, textarea, select, [role=menuitem], [role=log], [role=log] *");

type Steps = Readonly<Record<string, -1 | 1>>;

const LIST_STEPS: Steps = { ArrowUp: -1, ArrowDown: 1 };
const GRID_STEPS: Steps = { ...LIST_STEPS, ArrowLeft: -1, ArrowRight: 1 };

function shareDown({ clientY }: DragEvent, element: Element): number {
  const { top, height } = element.getBoundingClientRect();
  return (clientY - top) / Math.max(height, 1);
}

/** In the direction that is read. */
function shareAcross({ clientX }: DragEvent, element: Element): number {
  const { left, width } = element.getBoundingClientRect();
  const share = (clientX - left) / Math.max(width, 1);
  return getComputedStyle(element).direction === "rtl" ? 1 - share : share;
}

/** From one name to the next, or to that above or below. */
function focusNext(event: KeyboardEvent, step: -1 | 1, isAcrossRows: boolean): void {
  const { target, currentTarget } = event;
  if (!(target instanceof HTMLElement) || !target.matches(NAMES)) return;
  const names = [...currentTarget.querySelectorAll<HTMLElement>(NAMES)];
  const next = (isAcrossRows ? nearestIn(names, target, step) : undefined) ?? names[names.indexOf(target) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** The one that is nearest among those of the next row. */
function nearestIn(names: readonly HTMLElement[], from: HTMLElement, step: -1 | 1): HTMLElement | undefined {
  const placeOf = (name: HTMLElement) => {
    const { left, width, top } = (name.closest("[data-thing]") ?? name).getBoundingClientRect();
    return { name, x: left + width / 2, y: top };
  };
  const here = placeOf(from);
  const beyond = names.map(placeOf).filter(({ y }) => (y - here.y) * step > 1);
  const row = Math.min(...beyond.map(({ y }) => Math.abs(y - here.y)));
  return beyond
    .filter(({ y }) => Math.abs(y - here.y) <= row + 1)
    .sort((one, other) => Math.abs(one.x - here.x) - Math.abs(other.x - here.x))[0]?.name;
}

const EMPTY_FOLDER = ".pk-folder-empty";
const NAMES = ".pk-title-link, .pk-folder-title";

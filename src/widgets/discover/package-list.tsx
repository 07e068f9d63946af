import { type RefObject, useCallback, useDeferredValue, useLayoutEffect, useState } from "react";
import type { AppId } from "../../runtime/protocol/ids.js";
import type { FoundPackage } from "../../runtime/protocol/packages.js";
import { useFrame } from "../host.js";
import { showInLibrary } from "../library/use-shown-thing.js";
import { PackageCard } from "./package-card.js";
import type { FoundPackages } from "./wish.js";

interface PackageListProps {
  listRef: RefObject<HTMLUListElement>;
  found: FoundPackages;
  opened: string | null;
  /** Details stand beside the list, not in it. */
  isBeside: boolean;
  onOpen(id: string | null): void;
  onSearch(text: string): void;
  onPasted(): void;
}

/** The cards. Those that are seen are drawn with the key that asked for them, the others once nobody waits. */
export function PackageList({ listRef, found, opened, isBeside, onOpen, onSearch, onPasted }: PackageListProps) {
  const { packages, pasted } = found;
  const { goTo, memory } = useFrame();
  const onInstalling = useCallback(
    (app: AppId | null) => {
      onPasted();
      if (app !== null) showInLibrary(memory, { app });
      goTo("library");
    },
    [onPasted, memory, goTo],
  );
  const drawn = useDrawn(packages, useSeen(listRef));
  const card = (one: FoundPackage) => ({
    found: one,
    isOpen: one.id === opened,
    holdsDetails: !isBeside,
    onOpen,
    onSearch,
  });
  return (
    <ul className="pk-cards" ref={listRef}>
      {pasted === null ? null : (
        <li key={pasted.id} className="pk-app pk-pasted">
          <PackageCard {...card(pasted)} onInstalling={onInstalling} />
        </li>
      )}
      {drawn.map((one) => (
        <li key={one.id} className="pk-app">
          <PackageCard {...card(one)} />
        </li>
      ))}
    </ul>
  );
}

/** Those below what is seen stay as they were until the rest is on the screen. */
function useDrawn(packages: readonly FoundPackage[], seen: number): readonly FoundPackage[] {
  const settled = useDeferredValue(packages);
  if (settled === packages || packages.length <= seen) return packages;
  const first = packages.slice(0, seen);
  const shown = new Set(first.map(({ id }) => id));
  return [...first, ...settled.slice(seen).filter(({ id }) => !shown.has(id))];
}

/** No card is smaller. */
const CARD_PX = { width: 332, height: 72 };
const WIDE_PX = 900;
const SEEN_UNMEASURED = 12;

/** How many cards a screen can hold. */
function useSeen(list: RefObject<HTMLElement>): number {
  const [seen, setSeen] = useState(SEEN_UNMEASURED);
  useLayoutEffect(() => {
    const panel = list.current?.closest(".pk-panel") ?? null;
    if (panel === null || typeof ResizeObserver === "undefined") return;
    const sized = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = panel;
      const columns = clientWidth < WIDE_PX ? 1 : Math.floor(clientWidth / CARD_PX.width);
      if (clientHeight > 0) setSeen(columns * Math.ceil(clientHeight / (columns > 1 ? 128 : CARD_PX.height)));
    });
    sized.observe(panel);
    return () => sized.disconnect();
  }, [list]);
  return seen;
}

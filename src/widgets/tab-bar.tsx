import type { KeyboardEvent } from "react";
import { useLayoutEffect, useRef } from "react";
import { useHost } from "./host.js";
import { Icon } from "./parts/icon.js";
import type { Tab } from "./tabs/tab.js";

interface TabBarProps {
  tabs: readonly Tab[];
  selected: string;
  /** Makes ids of this frame differ from those of another one on the page. */
  frameId: string;
  /** A number to show at a tab, by its id. */
  counts: Readonly<Record<string, number>>;
  onSelect(id: string): void;
}

/** Arrow keys move and select at once, as in JupyterLab; Tab goes on to the view. */
export function TabBar({ tabs, selected, frameId, counts, onSelect }: TabBarProps) {
  const { t } = useHost();
  const bar = useRef<HTMLDivElement>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === selected);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (next === undefined) return;
    onSelect(next.id);
  };
  // Whoever is at a tab is at the one that is shown, also when something else has shown it.
  useLayoutEffect(() => {
    if (bar.current?.contains(document.activeElement) !== true) return;
    bar.current.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }, [selected]);

  return (
    <div ref={bar} className="pk-tabs" role="tablist" aria-label="PinokioCloud" onKeyDown={onKeyDown}>
      {tabs.map(({ id, label, icon }) => {
        const count = counts[id] ?? 0;
        return (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${frameId}-tab-${id}`}
            data-tab={id}
            className="pk-tab"
            title={t(label)}
            aria-selected={id === selected}
            aria-controls={`${frameId}-panel`}
            tabIndex={id === selected ? 0 : -1}
            onClick={() => onSelect(id)}
          >
            <Icon name={icon} />
            <span className="pk-tab-label">{t(label)}</span>
            {count === 0 ? null : <span className="pk-count">{count}</span>}
          </button>
        );
      })}
    </div>
  );
}

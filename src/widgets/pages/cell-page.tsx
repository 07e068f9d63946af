import { useEffect, useLayoutEffect, useRef } from "react";
import { draw } from "../mount.js";
import { Button } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import type { Translate } from "../view.js";
import { makePageFrame } from "./page-frame.js";

interface CellPageProps {
  address: string;
  /** Why it may not be shown inside of this page, in its own words, or null. */
  refusal: string | null;
  t: Translate;
  onClose(): void;
}

/** Pages that a cell shows below its view: one at a time, until it is closed or the signal aborts. */
export function pagesBelow(element: HTMLElement, t: Translate, signal: AbortSignal) {
  let last: AbortController | null = null;
  return (address: string, refusal: string | null): void => {
    last?.abort();
    const shown = new AbortController();
    last = shown;
    const close = (): void => shown.abort();
    signal.addEventListener("abort", close, { signal: shown.signal });
    if (signal.aborted) return;
    draw(element, shown.signal, <CellPage address={address} refusal={refusal} t={t} onClose={close} />);
  };
}

function CellPage({ address, refusal, t, onClose }: CellPageProps) {
  const section = useRef<HTMLElement>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => void section.current?.scrollIntoView?.({ block: "nearest" }), []);
  useLayoutEffect(() => {
    if (refusal !== null || place.current === null) return;
    const frame = makePageFrame(place.current.ownerDocument, t("The app's page"));
    frame.className = "pk-cell-frame";
    frame.src = address;
    place.current.replaceChildren(frame);
  }, [address, refusal, t]);
  return (
    <section ref={section} className="pk-cell-page" aria-label={t("The app's page")}>
      <p className="pk-actions">
        <a className="pk-button pk-button-secondary" href={address} target="_blank" rel="noopener noreferrer">
          <Icon name="open" />
          {t("Open in a browser tab")}
        </a>
        <Button kind="quiet" onPress={onClose}>
          {t("Close the page")}
        </Button>
      </p>
      {refusal === null ? (
        <div ref={place} />
      ) : (
        <p className="pk-soft">
          {t("It does not want to be shown inside of another page ({header}). In a browser tab it works.", {
            header: refusal,
          })}
        </p>
      )}
    </section>
  );
}

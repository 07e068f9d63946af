import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import type { RunId } from "../../runtime/protocol/ids.js";
import { useFrame } from "../host.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { type LogState, LogWindow } from "./log-window.js";

interface LogStreamProps {
  runId: RunId;
  label: string;
  /** First byte and the one after the last; without them the end of all there is, as it grows. */
  from?: number;
  to?: number | null;
  /** First byte of a line that is to be seen, instead of the end. */
  mark?: number;
  /** What is printed places text all over a screen: as lines it cannot be read. */
  onDrawing?(): void;
}

/** What a run printed, or a part of it, followed as it grows until the person scrolls up. */
export function LogStream({ runId, label, from, to = null, mark, onDrawing }: LogStreamProps) {
  const { host, openPage } = useFrame();
  const { client, t } = host;
  const scroller = useRef<HTMLDivElement>(null);
  const paper = useRef<HTMLDivElement>(null);
  const shown = useRef<LogWindow | null>(null);
  const [state, setState] = useState<LogState>({ isQuiet: true, isEnded: false, isFollowing: true });
  const [error, setError] = useState<WireError | null>(null);
  const told = useRef(onDrawing);
  told.current = onDrawing;

  useEffect(() => {
    if (paper.current === null || scroller.current === null) return;
    const opened = new LogWindow({
      client,
      runId,
      scroller: scroller.current,
      paper: paper.current,
      from,
      to,
      mark,
      gapText: (bytes) => t("{size} of earlier output are gone", { size: sizeText(bytes) }),
      onState: setState,
      onError: (reason) => setError(toWireError(reason)),
      onDrawing: () => told.current?.(),
    });
    shown.current = opened;
    return () => opened.close();
  }, [client, runId, t, from, to, mark]);

  return (
    <div className="pk-log">
      <div
        ref={scroller}
        className="pk-log-scroll"
        role="log"
        aria-live="off"
        aria-label={label}
        tabIndex={0}
        onScroll={() => shown.current?.scrolled()}
        onKeyDown={(event) => {
          selectAll(event, paper.current);
          goThroughLinks(event);
        }}
        onClick={(event) => {
          const url = linkAt(event);
          if (url !== null) openPage(url);
          else if (event.target instanceof Element && event.target.closest(".pk-log-bar") !== null)
            paper.current?.classList.toggle("pk-log-raw");
        }}
      >
        <div ref={paper} className="pk-log-paper" />
        {state.isQuiet ? (
          <p className="pk-soft pk-log-quiet">{state.isEnded ? t("No output") : t("No output yet")}</p>
        ) : null}
      </div>
      {!state.isFollowing && mark === undefined ? (
        <div className="pk-log-follow">
          <Button icon="down" onPress={() => shown.current?.follow()}>
            {t("Jump to the end")}
          </Button>
        </div>
      ) : null}
      {error === null ? null : <ErrorCard error={error} />}
    </div>
  );
}

const LINKS = "a.pk-log-link";

function linkAt(event: MouseEvent): string | null {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>(LINKS) : null;
  if (link === null) return null;
  event.preventDefault(); // an address of the sidecar's machine is another one here
  return link.textContent;
}

/** All of the log, not of the page around it. */
function selectAll(event: KeyboardEvent<HTMLElement>, paper: HTMLElement | null): void {
  if (paper === null || event.key.toLowerCase() !== "a" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  getSelection()?.selectAllChildren(paper);
}

/** Tab goes through the links that are seen: a log may have thousands. */
function goThroughLinks(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Tab") return;
  const { currentTarget: box, target } = event;
  const { top, bottom } = box.getBoundingClientRect();
  const seen = [...box.querySelectorAll<HTMLElement>(LINKS)].filter((link) => {
    const place = link.getBoundingClientRect();
    return place.bottom > top && place.top < bottom;
  });
  const now = seen.indexOf(target as HTMLElement);
  const next = seen[now + (event.shiftKey ? -1 : 1)];
  if (next === undefined || (target === box && event.shiftKey)) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
}

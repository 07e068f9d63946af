import { useEffect, useRef, useState } from "react";
import { openScreen } from "../../runtime/client/screen-stream.js";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";
import type { TerminalSize } from "../../runtime/protocol/terminal.js";
import { browserTimers } from "../browser-timers.js";
import { useFrame, useObstacle } from "../host.js";
import { ErrorCard } from "../parts/error-card.js";
import type { TerminalPaper } from "./terminal-paper.js";
import { watchPlace } from "./watch-place.js";

const BYTES_IN_FLIGHT = 256 * 1024;
/** Of what is pasted, so much goes at once. */
const MOST_TYPED = 16 * 1024;

interface RunTerminalProps {
  run: Run;
  label: string;
  /** The person has asked for it, and goes on there. */
  takesFocus: boolean;
}

/** The terminal of a run as it looks, to be typed into while the run lives. */
export function RunTerminal({ run, label, takesFocus }: RunTerminalProps) {
  const { host, openPage } = useFrame();
  const { client, t } = host;
  const obstacle = useObstacle();
  const place = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<{ paper: TerminalPaper; redraw(): void } | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const takesKeys = isLive(run) && run.shells > 0 && obstacle === null;
  const latest = useRef({ takesKeys, takesFocus, openPage, size: run.terminal });
  latest.current = { takesKeys, takesFocus, openPage, size: run.terminal };
  const { id } = run;

  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const removed = new AbortController();
    const tell = (reason: unknown) => {
      if (!removed.signal.aborted) setError(toWireError(reason));
    };
    const type = (text: string) => {
      if (!latest.current.takesKeys) return;
      for (let from = 0; from < text.length; from += MOST_TYPED) {
        client.request("runs.type", { runId: id, text: text.slice(from, from + MOST_TYPED) }).catch(tell);
      }
    };
    // It is a third of all that a view consists of, and most views never show one.
    void import("./terminal-paper.js").then(({ TerminalPaper, SCROLLBACK }) => {
      if (removed.signal.aborted) return;
      const opened = new TerminalPaper(box, { onTyped: type, onLink: (url) => latest.current.openPage(url) });
      /** Of several viewers the one whom a person looks at decides how large the program draws. */
      const claim = () => {
        const { takesKeys: isOpen, size } = latest.current;
        const wanted = opened.fitting();
        if (!isOpen || wanted === null || isSame(wanted, size)) return;
        client.request("runs.resize", { runId: id, ...wanted }).then(() => opened.resize(wanted), tell);
      };
      // Begun once something is shown: only then is it known how large a letter is.
      let look = () => {
        look = () => undefined;
        watchPlace(box, removed.signal, { onLook: claim, onRecoloured: () => opened.recolour() });
      };
      const output = openScreen(
        client,
        id,
        {
          onScreen: (screen) => void opened.show(screen).then(() => look()),
          onBytes: (bytes) => opened.write(bytes),
          onError: tell,
        },
        { scrollback: SCROLLBACK, windowBytes: BYTES_IN_FLIGHT, now: browserTimers.now },
      );
      if (latest.current.takesFocus) opened.focus();
      setShown({ paper: opened, redraw: () => output.redraw() });
      removed.signal.addEventListener("abort", () => {
        output.close();
        opened.remove();
        setShown(null);
      });
    }, tell);
    return () => removed.abort();
  }, [client, id]);

  useEffect(() => {
    if (shown === null) return;
    const { paper } = shown;
    paper.label = takesKeys ? t("{label}: what you type goes there, Shift+Tab leaves it", { label }) : label;
    paper.takeKeys(takesKeys);
  }, [shown, takesKeys, label, t]);

  const { columns, rows } = run.terminal ?? {};
  useEffect(() => {
    if (shown === null || columns === undefined || rows === undefined) return;
    if (isSame({ columns, rows }, shown.paper.size)) return;
    // Somebody else decided: what the program has drawn since then was drawn in a terminal of the wrong size.
    shown.redraw();
  }, [shown, columns, rows]);

  return (
    <div className="pk-terminal">
      <div
        ref={place}
        className="pk-terminal-place"
        role="group"
        aria-label={label}
        data-lm-suppress-shortcuts={takesKeys ? "" : undefined}
      />
      {error === null ? null : <ErrorCard error={error} onDismiss={() => setError(null)} />}
    </div>
  );
}

const isSame = (one: TerminalSize, other: TerminalSize | undefined): boolean =>
  one.columns === other?.columns && one.rows === other.rows;

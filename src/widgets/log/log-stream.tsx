import { useEffect, useRef, useState } from "react";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import type { RunId } from "../../runtime/protocol/ids.js";
import { useHost } from "../host.js";
import { LogText } from "../log-text.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { LogPaper } from "../parts/log-paper.js";
import { forgetPlace, showPlace } from "./found-place.js";

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

const LINES_KEPT = 5000;
/** About what 5,000 lines take; earlier output stays in the run's file. */
const BYTES_SHOWN = 512 * 1024;
const BYTES_IN_FLIGHT = 256 * 1024;
const NEAR_END_PX = 24;
const NEW_LINE = 0x0a;

/** What a run printed, or a part of it, followed as it grows until the person scrolls up. */
export function LogStream({ runId, label, from, to = null, mark, onDrawing }: LogStreamProps) {
  const { client, t } = useHost();
  const scroller = useRef<HTMLDivElement>(null);
  const paper = useRef<HTMLDivElement>(null);
  const following = useRef(mark === undefined);
  const [behind, setBehind] = useState(false);
  const [quiet, setQuiet] = useState(true);
  const [ended, setEnded] = useState(false);
  const [error, setError] = useState<WireError | null>(null);
  const told = useRef(onDrawing);
  told.current = onDrawing;

  useEffect(() => {
    if (paper.current === null) return;
    // Around a line that is to be seen not much is read, and all of it is kept.
    const kept = mark === undefined ? LINES_KEPT : Infinity;
    const lines = new LogPaper(paper.current, kept);
    const text = new LogText(kept, { followsMoves: mark === undefined });
    let linesBefore = 0;
    let isShown = mark === undefined;
    let decoder = new TextDecoder();
    let started = false;
    let drawn: (() => void)[] = [];
    let frame = 0;

    const draw = () => {
      frame = 0;
      lines.write(text.take());
      setQuiet(lines.isEmpty);
      if (text.isDrawing) told.current?.();
      const box = scroller.current;
      if (box !== null && following.current) box.scrollTop = box.scrollHeight;
      if (box !== null && !isShown) isShown = showPlace(box, lines.placeOf(linesBefore));
      const waiting = drawn;
      drawn = [];
      for (const done of waiting) done();
    };
    // More is asked for only once this is on the screen, so a flood goes as fast as it can be drawn and no faster.
    const drawSoon = () =>
      new Promise<void>((done) => {
        drawn.push(done);
        if (frame === 0) frame = requestAnimationFrame(draw);
      });

    const output = client.openOutput(
      runId,
      {
        onBytes: (bytes, offset) => {
          const wanted = to === null ? bytes : bytes.subarray(0, Math.max(0, to - offset));
          let chunk = decoder.decode(wanted, { stream: true });
          const above = mark === undefined ? 0 : countLines(bytes.subarray(0, Math.max(0, mark - offset)));
          linesBefore += above;
          // Begun in the middle: half a line, or half a character, helps nobody.
          if (!started && offset > 0 && (mark === undefined ? offset !== from : above > 0)) {
            chunk = chunk.slice(chunk.indexOf("\n") + 1);
            linesBefore = Math.max(0, linesBefore - 1);
          }
          started = true;
          text.push(chunk);
          if (to !== null && offset + bytes.length >= to) {
            setEnded(true);
            output.close();
          }
          return drawSoon();
        },
        onGap: (gone, next) => {
          decoder = new TextDecoder();
          const words = t("{size} of earlier output are gone", { size: sizeText(next - gone) });
          text.push(`${started ? "\n" : ""}… ${words} …\n`);
          linesBefore += started ? 2 : 1;
          void drawSoon();
        },
        onEnd: () => {
          setEnded(true);
          text.push(decoder.decode());
          void drawSoon();
        },
        onError: (reason) => setError(toWireError(reason)),
      },
      { offset: firstByte(from, to), windowBytes: BYTES_IN_FLIGHT },
    );
    return () => {
      output.close();
      cancelAnimationFrame(frame);
      if (mark !== undefined) forgetPlace();
    };
  }, [client, runId, t, from, to, mark]);

  const follow = () => {
    following.current = true;
    setBehind(false);
    const box = scroller.current;
    if (box !== null) box.scrollTop = box.scrollHeight;
  };

  return (
    <div className="pk-log">
      <div
        ref={scroller}
        className="pk-log-scroll"
        role="log"
        aria-live="off"
        aria-label={label}
        tabIndex={0}
        onScroll={({ currentTarget: box }) => {
          following.current = box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR_END_PX;
          setBehind(!following.current);
        }}
      >
        <div ref={paper} className="pk-log-paper" />
        {quiet ? <p className="pk-soft pk-log-quiet">{ended ? t("No output") : t("No output yet")}</p> : null}
      </div>
      {behind && mark === undefined ? (
        <div className="pk-log-follow">
          <Button icon="down" onPress={follow}>
            {t("Jump to the end")}
          </Button>
        </div>
      ) : null}
      {error === null ? null : <ErrorCard error={error} />}
    </div>
  );
}

/** A part that is longer than what is kept begins later. */
function firstByte(from: number | undefined, to: number | null): number {
  if (from === undefined) return -BYTES_SHOWN;
  return to === null ? from : Math.max(from, to - BYTES_SHOWN);
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEW_LINE); at >= 0; at = bytes.indexOf(NEW_LINE, at + 1)) count++;
  return count;
}

import { useState } from "react";
import type { RunId } from "../../runtime/protocol/ids.js";
import { isLive } from "../../runtime/protocol/runs.js";
import { useHost, useRemembered, useRuns } from "../host.js";
import { LogCopy } from "../log/log-copy.js";
import { LogDownload } from "../log/log-download.js";
import { LogSearch } from "../log/log-search.js";
import { LogStream } from "../log/log-stream.js";
import { RunTerminal } from "../log/run-terminal.js";
import { SendInput } from "../log/send-input.js";
import { Button } from "./button.js";

interface LogViewProps {
  runId: RunId;
  label: string;
  /** First byte and the one after the last; without them all there is, as it grows. */
  from?: number;
  to?: number | null;
  /** Shows the line that begins there, with what stands around it. */
  atTop?: boolean;
}

/** What is read around a line that is to be seen. */
const BYTES_BEFORE = 8 * 1024;
const BYTES_AFTER = 64 * 1024;

/** What a run printed: a part of it, or all with what one can do with it. */
export function LogView({ runId, label, from, to = null, atTop = false }: LogViewProps) {
  if (from === undefined) return <WholeLog runId={runId} label={label} />;
  if (atTop) return <LogAround runId={runId} label={label} place={from} />;
  return <LogStream runId={runId} label={label} from={from} to={to} />;
}

function LogAround({ runId, label, place }: { runId: RunId; label: string; place: number }) {
  const from = Math.max(0, place - BYTES_BEFORE);
  return <LogStream key={place} runId={runId} label={label} from={from} to={place + BYTES_AFTER} mark={place} />;
}

type Mode = "lines" | "terminal";

function WholeLog({ runId, label }: { runId: RunId; label: string }) {
  const { t } = useHost();
  const run = useRuns().find(({ id }) => id === runId);
  const [found, setFound] = useState<number | null>(null);
  const [chosen, setChosen] = useRemembered<Mode | null>(`log mode ${runId}`, null);
  const [isClicked, setClicked] = useState(false);
  const hasTerminal = run?.terminal !== undefined;
  const mode = hasTerminal && found === null ? (chosen ?? "lines") : "lines";
  const choice = (name: Mode, text: string) => (
    <button
      type="button"
      className="pk-choice"
      aria-pressed={mode === name}
      onClick={() => {
        setFound(null);
        setClicked(true);
        setChosen(name);
      }}
    >
      {text}
    </button>
  );
  return (
    <div className="pk-log-whole">
      <LogSearch runId={runId} chosen={found} onChoose={setFound}>
        {run === undefined ? null : (
          <>
            <LogCopy run={run} />
            <LogDownload run={run} />
          </>
        )}
        {hasTerminal ? (
          <div className="pk-log-mode" role="group" aria-label={t("How to show the output")}>
            {choice("lines", t("Lines"))}
            {choice("terminal", t("Terminal"))}
          </div>
        ) : null}
      </LogSearch>
      {found !== null ? (
        <>
          <LogAround runId={runId} label={label} place={found} />
          <Button kind="quiet" icon="down" onPress={() => setFound(null)}>
            {t("Back to the latest output")}
          </Button>
        </>
      ) : mode === "terminal" && run !== undefined ? (
        <RunTerminal run={run} label={label} takesFocus={isClicked} />
      ) : (
        <LogStream
          runId={runId}
          label={label}
          {...(chosen === null && hasTerminal ? { onDrawing: () => setChosen("terminal") } : {})}
        />
      )}
      {run !== undefined && isLive(run) && run.shells > 0 && mode === "lines" ? <SendInput run={run} /> : null}
    </div>
  );
}

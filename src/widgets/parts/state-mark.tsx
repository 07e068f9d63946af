import type { ReactNode } from "react";
import type { Condition } from "../app-condition.js";
import { useHost, useIsHeard } from "../host.js";

/** What comes to its end by itself. */
const MOVING: ReadonlySet<string> = new Set(["Installing", "Starting", "Stopping"]);

/** A dot and a word, and what else is known: "Installing 2/5 · 0:12". */
export function StateMark({
  condition,
  progress,
  elapsed,
}: {
  condition: Condition;
  progress?: string;
  elapsed?: ReactNode;
}) {
  const { t } = useHost();
  const isKnown = useIsHeard();
  const tone = isKnown ? condition.tone : "idle";
  const word = `${t(condition.word)}${progress === undefined ? "" : ` ${progress}`}`;
  return (
    <span className="pk-state">
      <span
        className={`pk-dot pk-dot-${tone}${isKnown && MOVING.has(condition.word) ? " pk-dot-moving" : ""}`}
        aria-hidden="true"
      />
      <span className="pk-state-word">{isKnown ? word : t("Last known: {state}", { state: word })}</span>
      {elapsed === undefined || !isKnown ? null : <span className="pk-number"> · {elapsed}</span>}
    </span>
  );
}

import { useEffect, useRef, useState } from "react";
import type { Run } from "../runtime/protocol/runs.js";
import { runCondition } from "./app-condition.js";
import { useConnection, useHost, useSnapshot } from "./host.js";
import { asks } from "./questions/waiting.js";

/** Speaks what changed state, for people who do not see it; never the seconds that pass. */
export function Announcer() {
  const { t } = useHost();
  const snapshot = useSnapshot();
  const connection = useConnection().kind;
  const [spoken, setSpoken] = useState("");
  const known = useRef<Map<string, string> | null>(null);
  const lost = useRef(false);

  useEffect(() => {
    if (snapshot === null) return;
    const titles = new Map(snapshot.apps.map(({ id, title }) => [id as string, title || id]));
    const states = new Map(snapshot.runs.map((run) => [run.id as string, wordFor(run)]));
    const before = known.current;
    known.current = states;
    if (before === null) return;
    const changes = snapshot.runs
      .filter((run) => before.get(run.id) !== states.get(run.id))
      .map((run) => `${titles.get(run.appId ?? "") ?? run.script}: ${t(wordFor(run))}`);
    if (changes.length > 0) setSpoken(changes.join(". "));
  }, [snapshot, t]);

  useEffect(() => {
    const isLost = connection === "waiting" || connection === "given-up";
    if (isLost === lost.current || connection === "connecting") return;
    lost.current = isLost;
    setSpoken(isLost ? t("Not connected") : t("Connected"));
  }, [connection, t]);

  return (
    <div className="pk-hidden" aria-live="polite">
      {spoken}
    </div>
  );
}

const wordFor = (run: Run): string => (asks(run) ? "Waits for you" : runCondition(run).word);

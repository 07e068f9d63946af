import { useEffect, useRef, useState } from "react";
import { isLive, type Run } from "../../runtime/protocol/runs.js";
import type { RunStep, RunSteps } from "../../runtime/protocol/steps.js";
import { useConnection, useHost } from "../host.js";

/** As many as the runner keeps. */
const MOST_STEPS = 200;
const BETWEEN_MS = 500;

/** The steps of a run as they happen, or why there are none. Asks only while somebody looks. */
export type KnownSteps = RunSteps | "asking" | "unknown";

export function useSteps(run: Run): KnownSteps {
  const { client } = useHost();
  const connected = useConnection().kind === "connected";
  const [known, setKnown] = useState<KnownSteps>("asking");
  const seen = useRef<{ steps: RunSteps | null; askedAt: number }>({ steps: null, askedAt: 0 });
  const [due, setDue] = useState(0);

  // The run is told anew whenever it comes to another step, a few times a second at most; that is when to ask.
  useEffect(() => {
    const wait = Math.max(0, seen.current.askedAt + BETWEEN_MS - Date.now());
    const timer = setTimeout(() => setDue((before) => before + 1), wait);
    return () => clearTimeout(timer);
  }, [run]);

  useEffect(() => {
    if (!connected || due === 0) return;
    let current = true;
    seen.current.askedAt = Date.now();
    client.request("runs.steps", { runId: run.id, after: seen.current.steps?.version ?? 0 }).then(
      (news) => {
        if (!current) return;
        if (news !== null) seen.current.steps = merge(seen.current.steps, news);
        setKnown(seen.current.steps ?? (isLive(run) ? "asking" : "unknown"));
      },
      () => current && setKnown(seen.current.steps ?? "unknown"),
    );
    return () => void (current = false);
    // Of the run only which one it is counts here: `due` says when.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, connected, due, run.id]);

  return known;
}

function merge(before: RunSteps | null, news: RunSteps): RunSteps {
  const steps = new Map<number, RunStep>();
  for (const step of [...(before?.steps ?? []), ...news.steps]) steps.set(step.place, step);
  const latest = [...steps.values()].sort((a, b) => a.place - b.place).slice(-MOST_STEPS);
  return { ...news, steps: latest };
}

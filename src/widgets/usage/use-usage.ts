import { type RefObject, startTransition, useEffect, useRef } from "react";
import { RunId } from "../../runtime/protocol/ids.js";
import { useConnection, useFrame, useRemembered } from "../host.js";
import { MACHINE, type RecentUsage, withHistory, withMeasured } from "./recent-usage.js";
import { useOnScreen } from "./use-on-screen.js";

const EVERY_MS = 2_000;
/** Rates take two samples. */
const FIRST_MS = 1_000;
/** After a longer absence the sidecar knows better what happened meanwhile. */
const STALE_MS = 10_000;

/** What the machine and the runs use, asked for only while the element can be seen. */
export function useUsage(element: RefObject<Element | null>): RecentUsage | null {
  const { client } = useFrame().host;
  const connected = useConnection().kind === "connected";
  const isSeen = useOnScreen(element);
  const [recent, setRecent] = useRemembered<RecentUsage | null>("usage", null);
  const latest = useRef(recent);

  useEffect(() => {
    if (!connected || !isSeen) return;
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const seenAt = latest.current === null ? 0 : Date.parse(latest.current.now.at);
    if (Date.now() + client.clockAheadMs - seenAt > STALE_MS) latest.current = null;
    const take = (next: RecentUsage) => {
      latest.current = next;
      startTransition(() => setRecent(next)); // many rows may show it, and a key or a click goes first
    };
    const recall = async (key: string) => {
      const history = await client.request("usage.history", key === MACHINE ? {} : { runId: RunId.parse(key) });
      if (current && latest.current !== null) take(withHistory(latest.current, key, history));
    };
    const ask = async () => {
      const now = await client.request("usage.now", {});
      if (!current) return;
      const known = latest.current?.points;
      take(withMeasured(latest.current, now));
      await Promise.all([MACHINE, ...Object.keys(now.runs)].filter((key) => known?.has(key) !== true).map(recall));
    };
    const go = () => {
      // One that fails is missed by nobody: the next one follows.
      void ask()
        .catch(() => undefined)
        .then(() => {
          if (current) timer = setTimeout(go, latest.current?.now.cpu.used == null ? FIRST_MS : EVERY_MS);
        });
    };
    go();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, connected, isSeen, setRecent]);

  return recent;
}

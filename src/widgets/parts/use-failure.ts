import { useEffect, useState } from "react";
import type { Failure } from "../../runtime/protocol/failures.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { useConnection, useHost } from "../host.js";

/** A card that is drawn again does not ask again; why a run failed does not change. */
const KNOWN = new WeakMap<object, Map<string, Failure | null>>();

function knownTo(client: object): Map<string, Failure | null> {
  const known = KNOWN.get(client) ?? new Map<string, Failure | null>();
  KNOWN.set(client, known);
  return known;
}

/** Why a run failed, as far as the sidecar can tell; null while that is not known. */
export function useFailure({ id, end }: Run): Failure | null {
  const { client } = useHost();
  const isConnected = useConnection().kind === "connected";
  const known = knownTo(client);
  const [, setRound] = useState(0);
  const isAsked = isConnected && !known.has(id) && (end?.outcome === "failed" || end?.outcome === "crashed");
  useEffect(() => {
    if (!isAsked) return;
    let current = true;
    client.request("runs.diagnose", { runId: id }).then(
      (failure) => {
        known.set(id, failure);
        if (current) setRound((round) => round + 1);
      },
      () => undefined, // that it failed can be read all the same
    );
    return () => void (current = false);
  }, [client, id, isAsked, known]);
  return known.get(id) ?? null;
}

import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import { useConnection, useHost, useRemembered, useSelected } from "../host.js";
import { catalogCopyOf } from "./catalog-copy.js";
import { useSteadyOrder } from "./steady-order.js";
import { type FoundPackages, mayBeAddress, type Wish } from "./wish.js";

export interface CatalogAnswer {
  /** What was found last; what was found before stays until the next answer is there. */
  found: FoundPackages | null;
  error: WireError | null;
  refresh(): void;
}

/** Long enough that a fast hand sends few questions, too short to be noticed. */
const TYPING_MS = 40;

/** What meets a wish: found in this page, and by the sidecar as long as the page has no list and for what was pasted. */
export function useCatalog(wish: Wish): CatalogAnswer {
  const { client } = useHost();
  const isConnected = useConnection().kind === "connected";
  const [asked, setAsked] = useRemembered<{ wanted: string; found: FoundPackages } | null>("discover found", null);
  const [error, setError] = useState<WireError | null>(null);
  const [round, setRound] = useState(0);
  const wanted = JSON.stringify(wish);
  const occasion = useOccasion();
  const mayBePasted = mayBeAddress(wish.text);

  const copy = catalogCopyOf(client);
  const version = useSyncExternalStore(copy.subscribe, copy.version);
  const own = useMemo(() => {
    void version; // the copy finds something else by then
    return copy.find(JSON.parse(wanted) as Wish);
  }, [copy, version, wanted]);
  const hasOwn = own !== null;
  const isAsked = !hasOwn || mayBePasted;

  useEffect(() => {
    if (!isConnected || !isAsked) return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      client.request("catalog.search", JSON.parse(wanted) as Wish).then(
        (found) => {
          if (!isCurrent) return;
          setAsked({ wanted, found });
          setError(null);
        },
        (reason: unknown) => {
          if (isCurrent) setError(toWireError(reason));
        },
      );
    }, TYPING_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, isConnected, isAsked, wanted, occasion, round, setAsked]);

  // What is to be seen first is asked for first.
  const isSeen = asked !== null || hasOwn;
  useEffect(() => {
    if (isConnected && isSeen) copy.refresh();
  }, [copy, isConnected, isSeen, occasion, round]);

  const refresh = useCallback(() => setRound((before) => before + 1), []);
  const isAnswered = mayBePasted && asked?.wanted === wanted;
  const found = useSteadyOrder(own === null || isAnswered ? asked : { wanted, found: own });
  return { found, error: isAsked ? error : null, refresh };
}

/** Changes when the catalog, or what is installed from it, does. */
export function useOccasion(): string {
  return useSelected((state) => {
    const apps = state?.apps.map(({ id, state: stands, marks }) => `${id} ${stands} ${marks?.favorite ?? false}`) ?? [];
    return [state?.catalogRound ?? 0, ...apps].join("\n");
  });
}

import { useCallback, useEffect, useState } from "react";
import type { CatalogFilters, CatalogSort } from "../../runtime/protocol/catalog-requests.js";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import type { ReplyOf } from "../../runtime/protocol/requests.js";
import { useConnection, useHost, useRemembered, useSnapshot } from "../host.js";

/** What a person wants to see of the catalog. */
export interface Wish {
  text: string;
  filters: CatalogFilters;
  sort: CatalogSort;
  most: number;
}

/** Where the view remembers it. */
export const WISH_KEY = "discover wish";
export const AT_FIRST = 40;
export const NO_WISH: Wish = { text: "", filters: {}, sort: "best", most: AT_FIRST };

export type FoundPackages = ReplyOf<"catalog.search">;

export interface CatalogAnswer {
  /** What was found last; what was found before stays until the next answer is there. */
  found: FoundPackages | null;
  error: WireError | null;
  refresh(): void;
}

/** Long enough that a fast hand sends few questions, too short to be noticed. */
const TYPING_MS = 40;

export function useCatalog(wish: Wish): CatalogAnswer {
  const { client } = useHost();
  const isConnected = useConnection().kind === "connected";
  const [found, setFound] = useRemembered<FoundPackages | null>("discover found", null);
  const [error, setError] = useState<WireError | null>(null);
  const [round, setRound] = useState(0);
  const wanted = JSON.stringify(wish);
  const occasion = useOccasion();

  useEffect(() => {
    if (!isConnected) return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      client.request("catalog.search", JSON.parse(wanted) as Wish).then(
        (reply) => {
          if (!isCurrent) return;
          setFound(reply);
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
  }, [client, isConnected, wanted, occasion, round, setFound]);

  return { found, error, refresh: useCallback(() => setRound((before) => before + 1), []) };
}

/** Changes when the catalog, or what is installed from it, does. */
export function useOccasion(): string {
  const snapshot = useSnapshot();
  const apps = snapshot?.apps.map(({ id, state, marks }) => `${id} ${state} ${marks?.favorite ?? false}`) ?? [];
  return [snapshot?.catalogRound ?? 0, ...apps].join("\n");
}

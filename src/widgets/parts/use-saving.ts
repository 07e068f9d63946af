import { useEffect, useRef, useState } from "react";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";

export interface Saving {
  /** Bytes that have come so far; null while nothing is under way. */
  loaded: number | null;
  error: WireError | null;
  dismiss(): void;
  cancel(): void;
  /** `collect` fetches what is to be saved and hands it over. */
  begin(collect: (options: { onProgress(bytes: number): void; signal: AbortSignal }) => Promise<void>): void;
}

/** Something large on its way to a file of the browser. It ends when nobody looks any more. */
export function useSaving(): Saving {
  const [loaded, setLoaded] = useState<number | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  return {
    loaded,
    error,
    dismiss: () => setError(null),
    cancel: () => stop.current?.abort(),
    begin: (collect) => {
      const cancelled = new AbortController();
      stop.current = cancelled;
      setError(null);
      setLoaded(0);
      collect({ onProgress: setLoaded, signal: cancelled.signal })
        .catch((reason: unknown) => {
          if (!cancelled.signal.aborted) setError(toWireError(reason));
        })
        .finally(() => setLoaded(null));
    },
  };
}

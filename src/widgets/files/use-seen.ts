import { useEffect, useState } from "react";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import { useHost } from "../host.js";
import { collectFile, fileStart } from "./collect-file.js";
import { type ShownFile, shownFile } from "./file-kinds.js";

/** What is larger is not fetched unless somebody downloads it. */
const LARGEST_SHOWN = 64 * 1024 * 1024;

/** What of a file can be shown. */
type Seen =
  | { kind: ShownFile["as"]; url: string }
  | { kind: "text"; text: string; isWhole: boolean; isHidden: boolean }
  | { kind: "nothing" };

interface SeenFile {
  seen: Seen | null;
  /** How many bytes of what is shown whole are here. */
  loaded: number;
  error: WireError | null;
}

/** Fetches what is shown of a file, and lets go of it afterwards. */
export function useSeen(app: AppId, path: string, bytes: number): SeenFile {
  const { client } = useHost();
  const [seen, setSeen] = useState<Seen | null>(null);
  const [loaded, setLoaded] = useState(0);
  const [error, setError] = useState<WireError | null>(null);
  useEffect(() => {
    const left = new AbortController();
    const { signal } = left;
    let url: string | null = null;
    const look = async (): Promise<Seen> => {
      const shown = shownFile(path);
      if (shown !== null && bytes > 0 && bytes <= LARGEST_SHOWN) {
        const { content } = await collectFile({ client, app, path }, { onProgress: setLoaded, signal });
        url = await addressOf(content);
        return { kind: shown.as, url };
      }
      const start = await fileStart({ client, app, path });
      const { isText, isHidden, size } = start.part;
      if (!isText) return { kind: "nothing" };
      const isWhole = start.bytes.length >= size;
      // The last letter may be cut in two.
      return { kind: "text", text: new TextDecoder().decode(start.bytes, { stream: !isWhole }), isWhole, isHidden };
    };
    setSeen(null);
    setLoaded(0);
    setError(null);
    look().then(
      (found) => {
        if (!signal.aborted) setSeen(found);
        else if (url !== null) URL.revokeObjectURL(url);
      },
      (reason: unknown) => {
        if (!signal.aborted) setError(toWireError(reason));
      },
    );
    return () => {
      left.abort();
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [client, app, path, bytes]);
  return { seen, loaded, error };
}

/** Opened by itself, a drawing at an address of the page would run its scripts as the page; one in its address cannot. */
function addressOf(content: Blob): string | Promise<string> {
  if (content.type !== "image/svg+xml") return URL.createObjectURL(content);
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error("The drawing could not be read"));
    reader.readAsDataURL(content);
  });
}

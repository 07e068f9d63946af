import { useEffect, useRef, useState } from "react";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import { useConnection, useHost } from "../host.js";
import { saveFile } from "../log/collect-output.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { collectFile } from "./collect-file.js";

interface FileDownloadProps {
  app: AppId;
  path: string;
  name: string;
  size: number;
}

/** Hands a file of an app to the browser; how far that is, while it is under way. */
export function FileDownload({ app, path, name, size }: FileDownloadProps) {
  const { client, t } = useHost();
  const isConnected = useConnection().kind === "connected";
  const [loaded, setLoaded] = useState<number | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const [isHidden, setHidden] = useState(false);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const download = () => {
    const cancelled = new AbortController();
    stop.current = cancelled;
    setError(null);
    setLoaded(0);
    collectFile({ client, app, path }, { onProgress: setLoaded, signal: cancelled.signal })
      .then((collected) => {
        setHidden(collected.isHidden);
        saveFile(collected.content, name);
      })
      .catch((reason: unknown) => {
        if (!cancelled.signal.aborted) setError(toWireError(reason));
      })
      .finally(() => setLoaded(null));
  };

  if (loaded !== null) {
    return (
      <>
        <span className="pk-soft pk-number">
          {t("{loaded} of {size}", { loaded: sizeText(loaded), size: sizeText(size) })}
        </span>
        <Button kind="quiet" onPress={() => stop.current?.abort()}>
          {t("Cancel")}
        </Button>
      </>
    );
  }
  return (
    <>
      <Button icon="download" obstacle={isConnected ? null : t("Not connected to PinokioCloud")} onPress={download}>
        {t("Download")}
      </Button>
      {isHidden ? <p className="pk-soft">{t("Stars stand in place of the secrets in what was saved")}</p> : null}
      {error === null ? null : <ErrorCard error={error} onDismiss={() => setError(null)} />}
    </>
  );
}

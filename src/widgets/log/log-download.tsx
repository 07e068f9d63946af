import { useEffect, useRef, useState } from "react";
import { toWireError, type WireError } from "../../runtime/protocol/errors.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { useHost, useObstacle } from "../host.js";
import { sizeText } from "../measures.js";
import { Button, IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { collectOutput, logFileName, saveFile } from "./collect-output.js";

/** Saves everything a run has printed as a file. */
export function LogDownload({ run }: { run: Run }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const [loaded, setLoaded] = useState<number | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const download = () => {
    const cancelled = new AbortController();
    stop.current = cancelled;
    setError(null);
    setLoaded(0);
    collectOutput(client, run, {
      gapText: (bytes) => t("{size} of earlier output are gone", { size: sizeText(bytes) }),
      onProgress: setLoaded,
      signal: cancelled.signal,
    })
      .then((content) => saveFile(content, logFileName(run)))
      .catch((reason: unknown) => {
        if (!cancelled.signal.aborted) setError(toWireError(reason));
      })
      .finally(() => setLoaded(null));
  };

  return (
    <>
      {loaded === null ? (
        <IconButton
          icon="download"
          label={t("Download all output")}
          obstacle={obstacle ?? (run.outputBytes === 0 ? t("No output yet") : null)}
          onPress={download}
        />
      ) : (
        <Button kind="quiet" onPress={() => stop.current?.abort()}>
          <span className="pk-number">
            {t("{loaded} of {size}", { loaded: sizeText(loaded), size: sizeText(Math.max(loaded, run.outputBytes)) })}
            {" · "}
            {t("Cancel")}
          </span>
        </Button>
      )}
      {error === null ? null : <ErrorCard error={error} onDismiss={() => setError(null)} />}
    </>
  );
}

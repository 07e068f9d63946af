import { useState } from "react";
import type { AppId } from "../../runtime/protocol/ids.js";
import { useConnection, useHost } from "../host.js";
import { saveFile } from "../log/collect-output.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { useSaving } from "../parts/use-saving.js";
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
  const { loaded, error, dismiss, cancel, begin } = useSaving();
  const [isHidden, setHidden] = useState(false);

  const download = () =>
    begin(async (options) => {
      const collected = await collectFile({ client, app, path }, options);
      setHidden(collected.isHidden);
      saveFile(collected.content, name);
    });

  if (loaded !== null) {
    return (
      <>
        <span className="pk-soft pk-number">
          {t("{loaded} of {size}", { loaded: sizeText(loaded), size: sizeText(size) })}
        </span>
        <Button kind="quiet" onPress={cancel}>
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
      {error === null ? null : <ErrorCard error={error} onDismiss={dismiss} />}
    </>
  );
}

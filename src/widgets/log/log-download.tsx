import type { Run } from "../../runtime/protocol/runs.js";
import { useHost, useObstacle } from "../host.js";
import { sizeText } from "../measures.js";
import { Button, IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { useSaving } from "../parts/use-saving.js";
import { collectOutput, logFileName, saveFile } from "./collect-output.js";

/** Saves everything a run has printed as a file. */
export function LogDownload({ run }: { run: Run }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const { loaded, error, dismiss, cancel, begin } = useSaving();

  const download = () =>
    begin(async (options) => {
      const gapText = (bytes: number) => t("{size} of earlier output are gone", { size: sizeText(bytes) });
      saveFile(await collectOutput(client, run, { gapText, ...options }), logFileName(run));
    });

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
        <Button kind="quiet" onPress={cancel}>
          <span className="pk-number">
            {t("{loaded} of {size}", { loaded: sizeText(loaded), size: sizeText(Math.max(loaded, run.outputBytes)) })}
            {" · "}
            {t("Cancel")}
          </span>
        </Button>
      )}
      {error === null ? null : <ErrorCard error={error} onDismiss={dismiss} />}
    </>
  );
}

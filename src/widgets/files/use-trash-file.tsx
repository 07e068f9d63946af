import { type ReactNode, useState } from "react";
import type { AppId } from "../../runtime/protocol/ids.js";
import { onOneLine } from "../../runtime/protocol/printable.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";

/** Moves files of an app into the trash, and offers to take the last one back. */
export function useTrashFile(app: AppId, onDone: () => void): { shown: ReactNode; move(path: string): void } {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const [last, setLast] = useState<{ name: string; entry: string } | null>(null);
  const move = (path: string) => {
    if (obstacle !== null || action.busy) return;
    action.start(async () => {
      const { entry } = await client.request("apps.trashFiles", { app, paths: [path] });
      setLast({ name: path.slice(path.lastIndexOf("/") + 1), entry });
      onDone();
    });
  };
  const undo = (entry: string) =>
    action.start(async () => {
      await client.request("trash.restore", { entry });
      setLast(null);
    });
  const shown = (
    <>
      <div className="pk-files-moved" aria-live="polite">
        {last === null ? null : (
          <>
            <span>{t("{name} is in the trash", { name: onOneLine(last.name) })}</span>
            <Button obstacle={obstacle} busy={action.busy} onPress={() => undo(last.entry)}>
              {t("Undo")}
            </Button>
          </>
        )}
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </>
  );
  return { move, shown };
}

import type { JobId } from "../../runtime/protocol/ids.js";
import type { InstalledPackageView } from "../../runtime/protocol/package-requests.js";
import { byEscape } from "../by-escape.js";
import { useAction, useAnswer, useHost, useSnapshot } from "../host.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { NeededBy } from "./needed-by.js";

interface RemovePackageProps {
  one: InstalledPackageView;
  onJob(id: JobId): void;
  onClose(): void;
}

/** What goes, and who would miss it, before it is done. */
export function RemovePackage({ one, onJob, onClose }: RemovePackageProps) {
  const { client, t } = useHost();
  const action = useAction();
  const apps = useSnapshot()?.apps ?? [];
  const titleOf = (id: string): string => apps.find((app) => app.id === id)?.title || id;
  const { value, error } = useAnswer("packages.removal", { id: one.id });
  const failed = action.error ?? error;
  const bytes = value?.goes.reduce((sum, part) => sum + part.bytes, 0) ?? 0;
  const isUsed = value !== null && value.inUse.length + value.neededBy.length > 0;
  const remove = async () => {
    onJob((await client.request("packages.remove", { id: one.id, despiteUse: isUsed })).job.id);
    onClose();
  };
  return (
    <>
      {failed === null ? null : <ErrorCard error={failed} />}
      {value === null ? null : (
        <>
          <p className="pk-soft">
            {value.goes.length === 0
              ? t("Nothing of it is on the disk any more")
              : t("Goes: {parts}", { parts: value.goes.map(({ what }) => what).join(", ") })}
          </p>
          {value.inUse.length === 0 ? null : (
            <p className="pk-warning-text">{t("Used by {apps}", { apps: value.inUse.map(titleOf).join(", ") })}</p>
          )}
          <NeededBy names={value.neededBy} />
          <div className="pk-actions" {...byEscape(onClose)}>
            <Button kind="danger" busy={action.busy} onPress={() => action.start(remove)}>
              {bytes === 0
                ? t("Remove {name}", { name: one.name })
                : t("Remove {name} ({size})", { name: one.name, size: sizeText(bytes) })}
            </Button>
            <Button onPress={onClose}>{t("Cancel")}</Button>
          </div>
        </>
      )}
    </>
  );
}

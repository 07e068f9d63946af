import type { App } from "../../runtime/protocol/apps.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import type { AppResult } from "../../runtime/protocol/shelf.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { NewTag } from "./app-notes.js";
import { BatchUninstall } from "./batch-uninstall.js";
import { FolderChoice } from "./folder-choice.js";
import { throwAll } from "./results.js";

interface BatchBarProps {
  /** Those that are shown. */
  apps: readonly App[];
  selected: ReadonlySet<AppId>;
  onSelect(ids: readonly AppId[]): void;
  onDone(): void;
}

/** What can be done with several apps at once. */
export function BatchBar({ apps, selected, onSelect, onDone }: BatchBarProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const chosen = apps.filter(({ id }) => selected.has(id)).map(({ id }) => id);
  const isAll = chosen.length === apps.length;
  const isAnyLive = apps.some(({ id, runs }) => selected.has(id) && runs.length > 0);
  const ask = (work: () => Promise<{ results: readonly AppResult[] }>) =>
    action.start(async () => throwAll((await work()).results, apps, t));

  return (
    <div className="pk-batch" role="group" aria-label={t("What to do with the selected apps")}>
      <div className="pk-batch-head">
        <p className="pk-number" aria-live="polite">
          {t("{count} of {all} selected", { count: chosen.length, all: apps.length })}
        </p>
        <Button kind="quiet" onPress={() => onSelect(isAll ? [] : apps.map(({ id }) => id))}>
          {isAll ? t("None") : t("All")}
        </Button>
        <Button onPress={onDone}>{t("Done")}</Button>
      </div>
      <div className="pk-actions">
        {chosen.length === 0 ? null : (
          <>
            <Button
              icon="start"
              obstacle={obstacle}
              busy={action.busy}
              onPress={() => ask(() => client.request("library.start", { apps: chosen }))}
            >
              {t("Start")}
            </Button>
            <Button
              icon="stop"
              obstacle={obstacle}
              busy={action.busy}
              onPress={() => ask(() => client.request("library.stop", { apps: chosen }))}
            >
              {t("Stop")}
            </Button>
            <Button
              icon="refresh"
              obstacle={obstacle ?? (isAnyLive ? null : t("None of them runs"))}
              busy={action.busy}
              onPress={() => ask(() => client.request("library.restart", { apps: chosen }))}
            >
              {t("Restart")}
            </Button>
            <Button
              icon="star"
              obstacle={obstacle}
              busy={action.busy}
              onPress={() => ask(() => client.request("library.mark", { apps: chosen, change: { favorite: true } }))}
            >
              {t("Favourite")}
            </Button>
            <FolderChoice
              label={t("Move the selected apps to")}
              chosen={undefined}
              obstacle={obstacle}
              onChoose={(folder) =>
                ask(() => client.request("library.move", { things: chosen.map((app) => ({ app })), to: { folder } }))
              }
              onNew={(name) => action.start(() => client.request("library.addFolder", { name, apps: chosen }))}
            />
            <NewTag
              label={t("Put a tag on the selected apps")}
              placeholder={t("Add a tag")}
              obstacle={obstacle}
              onAdd={(tag) => ask(() => client.request("library.mark", { apps: chosen, change: { addTags: [tag] } }))}
            />
          </>
        )}
        <BatchUninstall apps={apps} chosen={chosen} obstacle={obstacle} />
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </div>
  );
}

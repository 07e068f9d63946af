import type { App } from "../../runtime/protocol/apps.js";
import type { FolderId, ShelfPlace } from "../../runtime/protocol/shelf.js";
import { useAction, useHost, useObstacle, useSnapshot } from "../host.js";
import { IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { FolderChoice } from "./folder-choice.js";
import { folderOf, stepPlace } from "./places.js";
import { throwFirst } from "./results.js";

const NO_ITEMS: never[] = [];

/** Where an app stands in the library: for who does not drag. */
export function AppPlace({ app }: { app: App }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const items = useSnapshot()?.shelf?.items ?? NO_ITEMS;
  const title = app.title || app.id;
  const thing = { app: app.id };
  const [up, down] = [stepPlace(items, thing, -1), stepPlace(items, thing, 1)];
  const move = (to: ShelfPlace) =>
    action.start(async () => throwFirst((await client.request("library.move", { things: [thing], to })).results));

  return (
    <div className="pk-actions">
      <FolderChoice
        label={t("Folder of {title}", { title })}
        chosen={folderOf(items, app.id)}
        obstacle={obstacle}
        onChoose={(folder: FolderId | null) => move({ folder })}
        onNew={(name) => action.start(() => client.request("library.addFolder", { name, apps: [app.id] }))}
      />
      <IconButton
        icon="up"
        label={t("Move {title} up", { title })}
        obstacle={up === null ? t("It is the first") : obstacle}
        onPress={() => up !== null && move(up)}
      />
      <IconButton
        icon="move-down"
        label={t("Move {title} down", { title })}
        obstacle={down === null ? t("It is the last") : obstacle}
        onPress={() => down !== null && move(down)}
      />
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </div>
  );
}

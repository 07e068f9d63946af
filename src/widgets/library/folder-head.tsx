import { useState } from "react";
import type { FolderId, ShelfPlace } from "../../runtime/protocol/shelf.js";
import { useAction, useHost, useObstacle, useSnapshot } from "../host.js";
import { ErrorCard } from "../parts/error-card.js";
import { Icon } from "../parts/icon.js";
import { MenuButton } from "../parts/popup-menu.js";
import { FolderNameField } from "./folder-name-field.js";
import { stepPlace } from "./places.js";

interface FolderHeadProps {
  folder: FolderId;
  name: string;
  count: number;
  isOpen: boolean;
  onToggle(): void;
}

/** The line above the apps of a folder. */
export function FolderHead({ folder, name, count, isOpen, onToggle }: FolderHeadProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const items = useSnapshot()?.shelf?.items ?? [];
  const [isNaming, setNaming] = useState(false);
  const move = (to: ShelfPlace | null) => {
    if (to !== null) action.start(() => client.request("library.move", { things: [{ folder }], to }));
  };
  const [up, down] = [stepPlace(items, { folder }, -1), stepPlace(items, { folder }, 1)];

  return (
    <div className="pk-folder-head">
      {isNaming ? (
        <FolderNameField
          label={t("Name of the folder {name}", { name })}
          name={name}
          onDone={(next) => {
            setNaming(false);
            if (next !== null) action.start(() => client.request("library.renameFolder", { folder, name: next }));
          }}
        />
      ) : (
        <button
          type="button"
          className="pk-folder-title"
          draggable={obstacle === null}
          aria-expanded={isOpen}
          title={t("Drag to move; or Alt and arrow keys")}
          onClick={onToggle}
        >
          <Icon name={isOpen ? "down" : "right"} />
          <span className="pk-folder-label">{name}</span>
          <span className="pk-soft pk-number">{count}</span>
        </button>
      )}
      <MenuButton
        label={t("More about the folder {name}", { name })}
        entries={[
          { label: t("Rename"), obstacle, act: () => setNaming(true) },
          { label: t("Move up"), obstacle: up === null ? t("It is the first") : obstacle, act: () => move(up) },
          { label: t("Move down"), obstacle: down === null ? t("It is the last") : obstacle, act: () => move(down) },
          {
            label: t("Remove the folder, keep its apps"),
            obstacle,
            begins: true,
            act: () => action.start(() => client.request("library.removeFolder", { folder })),
          },
        ]}
      />
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </div>
  );
}

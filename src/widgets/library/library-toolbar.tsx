import { APP_ORDERS, type AppOrder } from "../../runtime/client/arrange-apps.js";
import { useHost, useObstacle } from "../host.js";
import { Icon } from "../parts/icon.js";
import { IconButton } from "../parts/button.js";
import { MenuButton, type MenuEntry } from "../parts/popup-menu.js";
import type { Layout } from "./use-layout.js";

/** What of the library is shown, and in which order. */
export interface LibraryChoice {
  order: AppOrder;
  text: string;
  favorites: boolean;
}

interface LibraryToolbarProps {
  count: number;
  favorites: number;
  choice: LibraryChoice;
  layout: Layout;
  onChoose(choice: LibraryChoice): void;
  onLayout(layout: Layout): void;
  onNewFolder(): void;
  onSelect(): void;
  onExport(): void;
  onImport(): void;
}

/** Below this many apps nobody has to look for one. */
const MANY = 6;

export function LibraryToolbar(props: LibraryToolbarProps) {
  const { count, favorites, choice, layout, onChoose, onLayout, onNewFolder, onSelect, onExport, onImport } = props;
  const { t } = useHost();
  const obstacle = useObstacle();
  const orders: Record<AppOrder, string> = {
    own: t("My order"),
    name: t("Name"),
    used: t("Last used"),
    disk: t("Disk"),
    status: t("State"),
  };
  const other = layout === "list" ? "grid" : "list";
  const layoutLabel = other === "grid" ? t("Show as a grid") : t("Show as a list");
  const entries: MenuEntry[] = [
    { label: layoutLabel, act: () => onLayout(other) },
    { label: t("New folder"), obstacle, act: onNewFolder },
    { label: t("Select several"), obstacle: count === 0 ? t("Nothing installed yet") : null, act: onSelect },
    { label: t("Export the library"), act: onExport, begins: true },
    { label: t("Import a library"), obstacle, act: onImport },
  ];
  return (
    <div className="pk-library-bar" role="toolbar" aria-label={t("Library")}>
      {count < MANY ? (
        <span className="pk-library-count pk-soft pk-number">
          {count === 1 ? t("1 app") : t("{count} apps", { count })}
        </span>
      ) : (
        <label className="pk-find">
          <Icon name="search" />
          <input
            type="search"
            value={choice.text}
            placeholder={t("Find an app")}
            aria-label={t("Find in {count} apps", { count })}
            spellCheck={false}
            onChange={(event) => onChoose({ ...choice, text: event.target.value })}
          />
        </label>
      )}
      <select
        className="pk-choice-box"
        aria-label={t("Sort by")}
        title={t("Sort by")}
        value={choice.order}
        onChange={(event) => onChoose({ ...choice, order: event.target.value as AppOrder })}
      >
        {APP_ORDERS.map((order) => (
          <option key={order} value={order}>
            {orders[order]}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="pk-button pk-button-icon pk-star"
        aria-label={t("Only favourites ({count})", { count: favorites })}
        aria-pressed={choice.favorites}
        title={t("Only favourites ({count})", { count: favorites })}
        onClick={() => onChoose({ ...choice, favorites: !choice.favorites })}
      >
        <Icon name="star" />
      </button>
      <span className="pk-library-layout">
        <IconButton
          icon={other === "grid" ? "library" : "output"}
          label={layoutLabel}
          onPress={() => onLayout(other)}
        />
      </span>
      <MenuButton label={t("More about the library")} entries={entries} />
    </div>
  );
}

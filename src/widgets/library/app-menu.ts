import { type ComponentProps, type MouseEvent, useCallback, useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { ShelfPlace } from "../../runtime/protocol/shelf.js";
import { useFrame, useObstacle, useSnapshot } from "../host.js";
import type { MenuEntry, MenuPlace, PopupMenu } from "../parts/popup-menu.js";
import { type AppChange, useChange } from "./use-change.js";
import { folderOf, foldersIn, stepPlace } from "./places.js";
import { throwFirst } from "./results.js";

const CHANGES: readonly (readonly [AppChange, string])[] = [
  ["update", "Update…"],
  ["reset", "Reset…"],
  ["uninstall", "Uninstall…"],
];

interface Opened {
  app: App;
  place: MenuPlace;
  /** What has the focus again afterwards. */
  from: HTMLElement | null;
}

/** What a press with the other button, or the menu key, offers for an app. */
export function useAppMenu(
  onSelect: (app: App) => void,
  /** Does it, and shows what went wrong with it. */
  onRestart: (work: () => Promise<void>) => void,
): {
  shown: ComponentProps<typeof PopupMenu> | null;
  open(app: App, event: MouseEvent): void;
} {
  const { host, showApp } = useFrame();
  const { client, t, places } = host;
  const obstacle = useObstacle();
  const change = useChange();
  const items = useSnapshot()?.shelf?.items ?? [];
  const [opened, setOpened] = useState<Opened | null>(null);

  const open = useCallback((app: App, event: MouseEvent) => {
    const { target } = event;
    // A link, a field and text that was marked have menus of the browser's own.
    if (!(target instanceof HTMLElement) || target.closest("input, textarea, select, a, [role=log]") !== null) return;
    event.preventDefault();
    event.stopPropagation(); // a notebook has a menu of its own for what lies in a cell
    const box = target.getBoundingClientRect();
    const isKey = event.clientX === 0 && event.clientY === 0;
    const place = isKey ? { x: box.left, y: box.bottom } : { x: event.clientX, y: event.clientY };
    setOpened({ app, place, from: target.closest("button") ?? null });
  }, []);

  if (opened === null) return { open, shown: null };
  const { app, place, from } = opened;
  const move = (to: ShelfPlace) =>
    void client.request("library.move", { things: [{ app: app.id }], to }).catch(nothing);
  const [up, down] = [stepPlace(items, { app: app.id }, -1), stepPlace(items, { app: app.id }, 1)];
  const now = folderOf(items, app.id);
  const of = { apps: [app.id] };
  const isFavorite = app.marks?.favorite === true;
  const entries: MenuEntry[] = [
    { label: t("Show its page"), act: () => showApp(app.id) },
    ...(places === undefined ? [] : [{ label: t("Open in a tab"), act: () => places.openApp(app.id) }]),
    {
      label: app.runs.length > 1 ? t("Restart all it runs") : t("Restart"),
      obstacle: obstacle ?? (app.runs.length === 0 ? t("It does not run") : null),
      act: () => onRestart(async () => throwFirst((await client.request("library.restart", of)).results)),
    },
    {
      label: isFavorite ? t("No favourite any more") : t("Make it a favourite"),
      obstacle,
      act: () =>
        void client.request("library.mark", { apps: [app.id], change: { favorite: !isFavorite } }).catch(nothing),
    },
    { label: t("Select several"), act: () => onSelect(app) },
    {
      label: t("Move up"),
      obstacle: up === null ? t("It is the first") : obstacle,
      begins: true,
      act: () => up !== null && move(up),
    },
    {
      label: t("Move down"),
      obstacle: down === null ? t("It is the last") : obstacle,
      act: () => down !== null && move(down),
    },
    ...foldersIn(items)
      .filter(({ folder }) => folder !== now)
      .map(({ folder, name }) => ({ label: t("Move to {name}", { name }), obstacle, act: () => move({ folder }) })),
    ...(now === null ? [] : [{ label: t("Out of its folder"), obstacle, act: () => move({ folder: null }) }]),
  ];
  for (const [kind, label] of CHANGES) {
    entries.push({ label: t(label), obstacle, begins: kind === "update", act: () => change(app, kind) });
  }
  const onClose = () => {
    setOpened(null);
    from?.focus({ preventScroll: true });
  };
  return { open, shown: { label: t("More about {title}", { title: app.title || app.id }), place, entries, onClose } };
}

/** What failed is not done, and the list shows that. */
const nothing = (): undefined => undefined;

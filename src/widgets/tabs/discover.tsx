import { type RefObject, useCallback, useDeferredValue, useEffect, useRef, useState } from "react";
import type { FoundPackage } from "../../runtime/protocol/packages.js";
import { CatalogSources } from "../discover/catalog-sources.js";
import { CategoryChips } from "../discover/category-chips.js";
import { FilterRow, SortChoice } from "../discover/filter-row.js";
import { PackageList } from "../discover/package-list.js";
import { PackageSheet } from "../discover/package-sheet.js";
import { SearchBox } from "../discover/search-box.js";
import { useCatalog } from "../discover/use-catalog.js";
import { AT_FIRST, type FoundPackages, NO_WISH, type Wish, WISH_KEY } from "../discover/wish.js";
import { FirstStepsPage } from "../first-steps/first-steps.js";
import { useFirstSteps } from "../first-steps/use-first-steps.js";
import { useAnswer, useFrame, useHost, useRemembered, useSelected } from "../host.js";
import { Button } from "../parts/button.js";
import { Empty } from "../parts/empty.js";
import { ErrorCard } from "../parts/error-card.js";
import type { Tab } from "./tab.js";

export const discoverTab: Tab = { id: "discover", label: "Discover", icon: "discover", View: DiscoverTab };

/** The first steps of whoever is new here take its place. */
function DiscoverTab() {
  const steps = useFirstSteps();
  return steps.isShown ? <FirstStepsPage steps={steps} /> : <Discover />;
}

const NO_TAGS: FoundPackages["tags"] = [];

function Discover() {
  const { t } = useHost();
  const view = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [wish, setWish] = useRemembered<Wish>(WISH_KEY, NO_WISH);
  const { found, error, refresh } = useCatalog(wish);
  const hasGpu = (useAnswer("machine.facts", {}).value?.gpus ?? []).some(({ memoryBytes }) => memoryBytes !== null);
  const latest = useRef(wish);
  latest.current = wish;
  const change = useCallback(
    (part: Partial<Wish>) => setWish({ ...latest.current, most: AT_FIRST, ...part }),
    [setWish],
  );
  const search = useCallback(
    (text: string) => {
      change({ text, filters: {} });
      field.current?.focus();
    },
    [change],
  );
  const onFilters = useCallback((filters: Wish["filters"]) => change({ filters }), [change]);
  const onPasted = useCallback(() => change({ text: "" }), [change]);
  const tags = useDeferredValue(found?.tags ?? NO_TAGS);
  const isBeside = useRoomBeside(view);
  const [opened, setOpened] = useRemembered<string | null>("discover details", null);
  const openedPackage = useOpened(found, opened);
  const close = useCallback(() => {
    setOpened(null);
    list.current?.querySelector<HTMLElement>("[data-open] .pk-title-link")?.focus({ preventScroll: true });
  }, [setOpened]);

  return (
    <div ref={view} className="pk-discover">
      <SearchBox
        field={field}
        text={wish.text}
        size={found?.size ?? null}
        onText={(text) => change({ text })}
        onEnter={() => list.current?.querySelector<HTMLElement>(".pk-app-actions button")?.focus()}
      />
      <div className="pk-discover-bar">
        <CategoryChips
          chosen={wish.filters.category}
          counts={found?.counts ?? {}}
          onChoose={(category) => {
            const { category: _, ...others } = wish.filters;
            change({ filters: category === undefined ? others : { ...others, category } });
          }}
        />
        <SortChoice sort={wish.sort} onSort={(sort) => change({ sort })} />
      </div>
      <FilterRow filters={wish.filters} tags={tags} hasGpu={hasGpu} onFilters={onFilters} />
      {error === null ? null : (
        <ErrorCard error={error}>
          <Button icon="refresh" onPress={refresh}>
            {t("Try again")}
          </Button>
        </ErrorCard>
      )}
      {found === null ? null : (
        <div className="pk-discover-found" data-beside={(isBeside && openedPackage !== null) || undefined}>
          <div className="pk-discover-list">
            {WINDOWS_PATH.test(wish.text.trim()) ? (
              <p className="pk-soft" role="status">
                {t("That is a folder of a Windows machine. What is here runs on Linux: paste a git address instead.")}
              </p>
            ) : null}
            <PackageList
              listRef={list}
              found={found}
              opened={opened}
              isBeside={isBeside}
              onOpen={setOpened}
              onSearch={search}
              onPasted={onPasted}
            />
            <More found={found} onMore={() => setWish({ ...wish, most: wish.most + AT_FIRST })} />
            {found.total === 0 && found.pasted === null ? (
              <NothingFound found={found} wish={wish} onSearch={search} onClear={() => change({ filters: {} })} />
            ) : null}
            {wish.filters.installed === true ? <OtherInstalled found={found} /> : null}
            <CatalogSources />
          </div>
          {isBeside && openedPackage !== null ? (
            <PackageSheet found={openedPackage} onClose={close} onSearch={search} />
          ) : null}
        </div>
      )}
    </div>
  );
}

/** What no catalog knows, or another filter leaves out, is found where everything is that is installed. */
function OtherInstalled({ found: { packages } }: { found: FoundPackages }) {
  const { host, goTo } = useFrame();
  const { t } = host;
  const count = useSelected((state) => {
    const shown = new Set(packages.map(({ installed }) => installed));
    return state?.apps.filter(({ id, state: stands }) => stands !== "not-installed" && !shown.has(id)).length ?? 0;
  });
  if (count === 0) return null;
  return (
    <p>
      <Button kind="quiet" onPress={() => goTo("library")}>
        {count === 1
          ? t("1 more app that is installed is in My Library")
          : t("{count} more apps that are installed are in My Library", { count })}
      </Button>
    </p>
  );
}

/** The package whose details are shown; it stays while something else is looked for. */
function useOpened(found: FoundPackages | null, opened: string | null): FoundPackage | null {
  const last = useRef<FoundPackage | null>(null);
  if (opened === null) last.current = null;
  else
    last.current =
      [...(found?.packages ?? []), ...(found?.pasted ? [found.pasted] : [])].find(({ id }) => id === opened) ??
      (last.current?.id === opened ? last.current : null);
  return last.current;
}

/** From here on a sheet stands beside the list, as the styles have it. */
const BESIDE_PX = 900;

function useRoomBeside(view: RefObject<HTMLElement>): boolean {
  const [hasRoom, setRoom] = useState(false);
  useEffect(() => {
    const root = view.current?.closest(".pk-root") ?? null;
    if (root === null || typeof ResizeObserver === "undefined") return;
    const sized = new ResizeObserver(() => setRoom(root.clientWidth >= BESIDE_PX));
    sized.observe(root);
    return () => sized.disconnect();
  }, [view]);
  return hasRoom;
}

function More({ found: { packages, total }, onMore }: { found: FoundPackages; onMore(): void }) {
  const { t } = useHost();
  if (packages.length >= total || packages.length >= MOST_SHOWN) return null;
  const count = Math.min(AT_FIRST, total - packages.length);
  return (
    <div className="pk-more">
      <Button onPress={onMore}>{t("Show {count} more of {total}", { count, total })}</Button>
    </div>
  );
}

/** Who has looked at so many types a word. */
const MOST_SHOWN = 500;

const WINDOWS_PATH = /^[a-z]:[\\/]/i;

interface NothingFoundProps {
  found: FoundPackages;
  wish: Wish;
  onSearch(text: string): void;
  onClear(): void;
}

function NothingFound({ found: { size, withoutFilters, near }, wish, onSearch, onClear }: NothingFoundProps) {
  const { t } = useHost();
  if (size === 0) return <Empty title={t("The catalog is empty")} />;
  return (
    <Empty
      title={
        wish.text.trim() === ""
          ? t("Nothing meets these filters")
          : t("Nothing found for “{text}”", { text: wish.text.trim() })
      }
    >
      {near.length === 0 ? null : (
        <p>
          {t("Near to it:")}{" "}
          {near.map((name) => (
            <button key={name} type="button" className="pk-chip" onClick={() => onSearch(name)}>
              {name}
            </button>
          ))}
        </p>
      )}
      {withoutFilters === 0 ? null : (
        <>
          <p className="pk-soft">{t("Without filters there are {count}.", { count: withoutFilters })}</p>
          <Button onPress={onClear}>{t("Clear filters")}</Button>
        </>
      )}
      {wish.text.trim() === "" ? null : (
        <>
          <p className="pk-soft">{t("For an app that is not in the catalog, paste its git address above.")}</p>
          <Button kind="quiet" onPress={() => onSearch("")}>
            {t("Clear the search")}
          </Button>
        </>
      )}
    </Empty>
  );
}

import { type RefObject, useCallback, useRef } from "react";
import { CatalogSources } from "../discover/catalog-sources.js";
import { CategoryChips } from "../discover/category-chips.js";
import { FilterRow, SortChoice } from "../discover/filter-row.js";
import { PackageCard } from "../discover/package-card.js";
import { SearchBox } from "../discover/search-box.js";
import { AT_FIRST, type FoundPackages, NO_WISH, useCatalog, type Wish, WISH_KEY } from "../discover/use-catalog.js";
import { useAnswer, useFrame, useHost, useRemembered } from "../host.js";
import { Button } from "../parts/button.js";
import { Empty } from "../parts/empty.js";
import { ErrorCard } from "../parts/error-card.js";
import type { Tab } from "./tab.js";

export const discoverTab: Tab = { id: "discover", label: "Discover", icon: "discover", View: Discover };

function Discover() {
  const { t } = useHost();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [wish, setWish] = useRemembered<Wish>(WISH_KEY, NO_WISH);
  const { found, error, refresh } = useCatalog(wish);
  const gpus = useAnswer("machine.facts", {}).value?.gpus ?? [];
  const change = (part: Partial<Wish>) => setWish({ ...wish, most: AT_FIRST, ...part });
  const search = (text: string) => {
    change({ text, filters: {} });
    field.current?.focus();
  };

  return (
    <div className="pk-discover">
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
      <FilterRow
        filters={wish.filters}
        tags={found?.tags ?? []}
        hasGpu={gpus.some(({ memoryBytes }) => memoryBytes !== null)}
        onFilters={(filters) => change({ filters })}
      />
      {error === null ? null : (
        <ErrorCard error={error}>
          <Button icon="refresh" onPress={refresh}>
            {t("Try again")}
          </Button>
        </ErrorCard>
      )}
      {found === null ? null : (
        <>
          <Results listRef={list} found={found} onSearch={search} onPasted={() => change({ text: "" })} />
          <More found={found} onMore={() => setWish({ ...wish, most: wish.most + AT_FIRST })} />
          {found.total === 0 && found.pasted === null ? (
            <NothingFound found={found} wish={wish} onSearch={search} onClear={() => change({ filters: {} })} />
          ) : null}
          <CatalogSources />
        </>
      )}
    </div>
  );
}

interface ResultsProps {
  listRef: RefObject<HTMLUListElement>;
  found: FoundPackages;
  onSearch(text: string): void;
  onPasted(): void;
}

function Results({ listRef, found: { packages, pasted }, onSearch, onPasted }: ResultsProps) {
  const { goTo } = useFrame();
  const onInstalling = useCallback(() => {
    onPasted();
    goTo("library");
  }, [onPasted, goTo]);
  return (
    <ul className="pk-cards" ref={listRef}>
      {pasted === null ? null : (
        <li key={pasted.id} className="pk-app pk-pasted">
          <PackageCard found={pasted} onInstalling={onInstalling} onSearch={onSearch} />
        </li>
      )}
      {packages.map((one) => (
        <li key={one.id} className="pk-app">
          <PackageCard found={one} onSearch={onSearch} />
        </li>
      ))}
    </ul>
  );
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
    </Empty>
  );
}

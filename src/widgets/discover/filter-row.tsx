import { memo, useId } from "react";
import type { CatalogFilters, CatalogSort } from "../../runtime/protocol/catalog-requests.js";
import { PACKAGE_TYPES } from "../../runtime/protocol/packages.js";
import { useHost, useRemembered } from "../host.js";
import { Button } from "../parts/button.js";

interface FilterRowProps {
  filters: CatalogFilters;
  tags: readonly { tag: string; count: number }[];
  hasGpu: boolean;
  onFilters(filters: CatalogFilters): void;
}

const SWITCHES = ["fits", "linux", "cpu", "noToken", "installed"] as const;
const VRAM_GB = [4, 6, 8, 12, 16, 24];
const SORTS: Readonly<Record<CatalogSort, string>> = {
  best: "Best fit",
  name: "Name",
  popularity: "Popularity",
  used: "Recently used",
};
const TYPES = { app: "Apps", plugin: "Plugins", model: "Models", task: "Tasks", library: "Libraries" };

/** Filters: a row where there is room, else behind a button. */
export const FilterRow = memo(Row);

function Row({ filters, tags, hasGpu, onFilters }: FilterRowProps) {
  const { t } = useHost();
  const [isOpen, setOpen] = useRemembered("discover filters open", false);
  const id = useId();
  const { category: _, ...others } = filters;
  const active = Object.values(others).filter((value) => value !== undefined && value !== false).length;
  const labels: Readonly<Record<(typeof SWITCHES)[number], string>> = {
    fits: hasGpu ? t("Fits my GPU") : t("Fits this machine"),
    linux: t("Works on Linux"),
    cpu: t("Works on CPU"),
    noToken: t("Needs no token"),
    installed: t("Installed"),
  };
  const known = filters.tag === undefined || tags.some(({ tag }) => tag === filters.tag);
  const shownTags = known ? tags : [{ tag: filters.tag ?? "", count: 0 }, ...tags];

  return (
    <div className="pk-filters" data-open={isOpen || undefined}>
      <div className="pk-filters-toggle">
        <Button kind="quiet" icon={isOpen ? "down" : "right"} expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {active === 0 ? t("Filters") : t("Filters ({count})", { count: active })}
        </Button>
      </div>
      <fieldset className="pk-filters-row" aria-label={t("Filters")}>
        {SWITCHES.map((name) => (
          <label key={name} className="pk-switch">
            <input
              type="checkbox"
              checked={filters[name] === true}
              onChange={(event) => onFilters(changed(filters, name, event.target.checked || undefined))}
            />
            {labels[name]}
          </label>
        ))}
        <Choice
          id={`${id}-vram`}
          label={t("GPU memory")}
          value={String(filters.vramAtMost ?? "")}
          options={[["", t("Any")], ...VRAM_GB.map((gb) => [String(gb), t("at most {gb} GB", { gb })] as const)]}
          onChoose={(value) => onFilters(changed(filters, "vramAtMost", value === "" ? undefined : Number(value)))}
        />
        <Choice
          id={`${id}-tag`}
          label={t("Tag")}
          value={filters.tag ?? ""}
          options={[["", t("Any")], ...shownTags.map(({ tag, count }) => [tag, `${tag} (${count})`] as const)]}
          onChoose={(value) => onFilters(changed(filters, "tag", value === "" ? undefined : value))}
        />
        <Choice
          id={`${id}-type`}
          label={t("Kind")}
          value={filters.type ?? ""}
          options={[["", t("Any")], ...PACKAGE_TYPES.map((type) => [type, t(TYPES[type])] as const)]}
          onChoose={(value) =>
            onFilters(
              changed(
                filters,
                "type",
                PACKAGE_TYPES.find((type) => type === value),
              ),
            )
          }
        />
      </fieldset>
    </div>
  );
}

export function SortChoice({ sort, onSort }: { sort: CatalogSort; onSort(sort: CatalogSort): void }) {
  const { t } = useHost();
  const id = useId();
  return (
    <Choice
      id={id}
      label={t("Sort by")}
      value={sort}
      options={Object.entries(SORTS).map(([name, text]) => [name, t(text)] as const)}
      onChoose={(value) => onSort(value as CatalogSort)}
    />
  );
}

interface ChoiceProps {
  id: string;
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onChoose(value: string): void;
}

function Choice({ id, label, value, options, onChoose }: ChoiceProps) {
  return (
    <span className="pk-choice-field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}

function changed<Name extends keyof CatalogFilters>(
  filters: CatalogFilters,
  name: Name,
  value: CatalogFilters[Name] | undefined,
): CatalogFilters {
  const { [name]: _, ...others } = filters;
  return value === undefined ? others : { ...others, [name]: value };
}

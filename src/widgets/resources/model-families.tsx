import { useState } from "react";
import { FAMILY_LABELS, type Model, type ModelList } from "../../runtime/protocol/models.js";
import { useHost, useSnapshot } from "../host.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { Icon } from "../parts/icon.js";
import type { Translate } from "../view.js";
import { PlaceText } from "./place-text.js";

const FIRST = 20;

interface ModelFamiliesProps {
  list: ModelList;
  /** Only models with this in their names or places. */
  text: string;
  isOpen: boolean;
}

/** Models by family, the largest first in each. */
export function ModelFamilies({ list, text, isOpen }: ModelFamiliesProps) {
  const { t } = useHost();
  const wanted = text.trim().toLowerCase();
  const found = list.models.filter(({ name, id }) => `${name} ${id}`.toLowerCase().includes(wanted));
  if (found.length === 0) return <p className="pk-soft">{t("No model has that in its name")}</p>;
  return (
    <div className="pk-families">
      {list.families.map(({ family, models, bytes }) => {
        const own = found.filter((model) => model.family === family);
        if (own.length === 0) return null;
        const count = wanted === "" ? models : own.length;
        return (
          <details key={`${family} ${wanted !== ""}`} className="pk-family" open={isOpen || wanted !== ""}>
            <summary>
              <Icon name="right" />
              <span className="pk-family-name">{t(FAMILY_LABELS[family])}</span>
              <span className="pk-soft pk-number">{count}</span>
              <span className="pk-number pk-family-size">{sizeText(wanted === "" ? bytes : sumOf(own))}</span>
            </summary>
            <Models models={own} list={list} label={t(FAMILY_LABELS[family])} />
          </details>
        );
      })}
    </div>
  );
}

const sumOf = (models: readonly Model[]): number => models.reduce((sum, { bytes }) => sum + bytes, 0);

function Models({ models, list, label }: { models: readonly Model[]; list: ModelList; label: string }) {
  const { t } = useHost();
  const [all, setAll] = useState(false);
  const shown = all ? models : models.slice(0, FIRST);
  return (
    <>
      <ul className="pk-model-rows" aria-label={label}>
        {shown.map((model) => (
          <li key={model.id}>
            <ModelRow model={model} list={list} />
          </li>
        ))}
      </ul>
      {shown.length === models.length ? null : (
        <Button kind="quiet" onPress={() => setAll(true)}>
          {t("Show all {count}", { count: models.length })}
        </Button>
      )}
    </>
  );
}

function ModelRow({ model, list }: { model: Model; list: ModelList }) {
  const { t } = useHost();
  const apps = useSnapshot()?.apps ?? [];
  const { id, name, format, files, bytes, alsoAt, users } = model;
  const titles = users.map((user) => apps.find((app) => app.id === user)?.title ?? user);
  const copies = list.duplicates.filter((set) => model.duplicates.includes(set.id));
  const isCertain = copies.every(({ isCompared }) => isCompared);
  const others = [...new Set(copies.flatMap((set) => set.copies.map(({ path }) => path)))].filter(
    (path) => path !== id && !path.startsWith(`${id}/`),
  );
  const facts = [usedText(model, titles, t), format, files > 1 ? t("{count} files", { count: files }) : ""];
  return (
    <article className="pk-model" aria-label={name}>
      <div className="pk-model-head">
        <span className="pk-model-name">
          <bdi>{name}</bdi>
        </span>
        <span className="pk-number">{sizeText(bytes)}</span>
      </div>
      <p className="pk-soft">{facts.filter((fact) => fact !== "").join(" · ")}</p>
      <ul className="pk-places" aria-label={t("Places")}>
        <li>
          <PlaceText place={folderOf(id)} />
        </li>
        {alsoAt.map((place) => (
          <li key={place}>
            {t("The same file:")} <PlaceText place={place} />
          </li>
        ))}
        {others.map((place) => (
          <li key={place}>
            {isCertain ? t("Copy:") : t("Seems to be the same:")} <PlaceText place={place} />
          </li>
        ))}
      </ul>
    </article>
  );
}

/** Its name is said already. */
const folderOf = (id: string): string => id.split("/").slice(0, -1).join("/");

function usedText({ isShared }: Model, titles: readonly string[], t: Translate): string {
  if (titles.length > 0) return t("Used by {apps}", { apps: titles.join(", ") });
  return isShared ? t("In a cache that any app may use") : t("No app has a link to it");
}

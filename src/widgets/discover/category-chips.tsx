import { CATEGORIES, type Category } from "../../runtime/protocol/packages.js";
import { useHost } from "../host.js";

const LABELS: Readonly<Record<Category, string>> = {
  image: "Image",
  video: "Video",
  audio: "Audio",
  llm: "LLM",
  "3d": "3D",
  utility: "Tools",
};

interface ChipsProps {
  chosen: Category | undefined;
  counts: Partial<Record<Category, number>>;
  onChoose(category: Category | undefined): void;
}

export function CategoryChips({ chosen, counts, onChoose }: ChipsProps) {
  const { t } = useHost();
  return (
    <ul className="pk-chips" aria-label={t("Categories")}>
      {CATEGORIES.map((category) => (
        <li key={category}>
          <button
            type="button"
            className="pk-chip"
            aria-pressed={chosen === category}
            disabled={(counts[category] ?? 0) === 0 && chosen !== category}
            onClick={() => onChoose(chosen === category ? undefined : category)}
          >
            {t(LABELS[category])} <span className="pk-chip-count">{counts[category] ?? 0}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

import { useHost } from "../host.js";
import { sizeText } from "../measures.js";
import { ScriptList } from "../parts/script-list.js";
import type { NeededPackage } from "./needs.js";
import { typeText } from "./type-text.js";

/** Packages that come with another one, and what they run. */
export function NeedsList({ needs }: { needs: readonly NeededPackage[] }) {
  const { t } = useHost();
  return (
    <ul className="pk-needs" aria-label={t("Comes with it")}>
      {needs.map(({ step: { id, name, type, where, bytes, warning }, inspection }) => (
        <li key={id}>
          <p className="pk-script-name">{name}</p>
          <p className="pk-soft">
            {typeText(type, t)} · {where}
            {bytes === null ? "" : ` · ${sizeText(bytes)}`}
          </p>
          {warning === null ? null : <p className="pk-warning-text">{warning}</p>}
          {inspection === null ? null : (
            <details>
              <summary>{t("What it runs")}</summary>
              <ScriptList inspection={inspection} />
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

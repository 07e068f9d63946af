import { useId } from "react";
import type { Freeable } from "../../runtime/protocol/freeing.js";
import { useHost } from "../host.js";
import { sizeText } from "../measures.js";
import { PlaceText } from "./place-text.js";

interface FreeableRowProps {
  item: Freeable;
  isChosen: boolean;
  onChoose(isChosen: boolean): void;
}

const MOST_PLACES = 20;

/** One thing that can go, with what that means. */
export function FreeableRow({ item, isChosen, onChoose }: FreeableRowProps) {
  const { t } = useHost();
  const id = useId();
  const { label, where, bytes, means, refused } = item;
  return (
    <div className="pk-freeable">
      <input
        id={id}
        type="checkbox"
        checked={isChosen}
        disabled={refused !== null}
        aria-describedby={`${id}-means`}
        onChange={(event) => onChoose(event.target.checked)}
      />
      <label htmlFor={id}>
        <bdi>{t(label)}</bdi>
      </label>
      <span className="pk-number">{sizeText(bytes)}</span>
      <div className="pk-freeable-means">
        <p id={`${id}-means`} className="pk-soft">
          {refused === null ? t(means) : t("Not now: {reason}", { reason: t(refused) })}
        </p>
        {where.length < 2 ? null : (
          <details>
            <summary className="pk-soft">{t("{count} places", { count: where.length })}</summary>
            <ul className="pk-places">
              {where.slice(0, MOST_PLACES).map((place) => (
                <li key={place}>
                  <PlaceText place={place} />
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </div>
  );
}

import { useHost } from "../../host.js";
import { aria, type ControlProps, textOf } from "./control.js";

/** Typed as text, so that half a number stays as it was typed; a slider beside it where there are bounds. */
export function NumberControl(props: ControlProps) {
  const { t } = useHost();
  const { id, field, value, onChange } = props;
  const { min, max, whole, kind } = field;
  const hasSlider = kind === "number" && min !== undefined && max !== undefined && max - min <= MOST_STEPS;
  const number = Number(value ?? Number.NaN);
  return (
    <span className="pk-config-number">
      <input
        id={id}
        type="text"
        inputMode={whole === true ? "numeric" : "decimal"}
        className="pk-input"
        autoComplete="off"
        value={textOf(value)}
        placeholder={field.placeholder ?? (kind === "port" ? t("free one") : undefined)}
        {...aria(props)}
        onChange={(event) => onChange(event.target.value)}
      />
      {hasSlider ? (
        <input
          type="range"
          tabIndex={-1}
          aria-hidden="true"
          min={min}
          max={max}
          step={Number.isInteger(min) && Number.isInteger(max) && max - min > 2 ? 1 : "any"}
          value={Number.isFinite(number) ? number : min}
          onChange={(event) => onChange(Number(Number(event.target.value).toFixed(2)))}
        />
      ) : null}
    </span>
  );
}

const MOST_STEPS = 10_000;

import { useState } from "react";
import type { ConfigChoice, ConfigValue } from "../../../runtime/protocol/config.js";
import { useHost } from "../../host.js";
import { aria, type ControlProps, textOf } from "./control.js";

const OTHER = "\u0000other";
const NONE = "\u0000none";

/** What it is now is one of the choices, whatever the app knows. */
function withPresent(choices: readonly ConfigChoice[], present: ConfigValue): readonly ConfigChoice[] {
  const value = textOf(present);
  return value === "" || choices.some((one) => one.value === value) ? choices : [{ value, label: value }, ...choices];
}

/** One of several; another value is typed where the app may take one. */
export function ChoiceControl(props: ControlProps) {
  const { t } = useHost();
  const { id, field, value, onChange } = props;
  const { open = false, optional } = field;
  const text = textOf(value);
  const choices = withPresent(field.choices ?? [], field.value);
  const [isTyping, setTyping] = useState(text !== "" && !choices.some((choice) => choice.value === text));
  const help = choices.find((choice) => choice.value === text)?.help;
  return (
    <span className="pk-config-choice">
      <select
        id={id}
        className="pk-input"
        value={isTyping ? OTHER : text === "" ? NONE : text}
        {...aria(props)}
        onChange={(event) => {
          const next = event.target.value;
          setTyping(next === OTHER);
          if (next !== OTHER) onChange(next === NONE ? null : next);
        }}
      >
        {optional || text === "" ? <option value={NONE}>{t("Not set")}</option> : null}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
        {open || isTyping ? <option value={OTHER}>{t("Other…")}</option> : null}
      </select>
      {isTyping ? (
        <input
          type="text"
          className="pk-input"
          aria-label={t("{name}: other value", { name: field.label })}
          spellCheck={false}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : help === undefined ? null : (
        <span className="pk-soft">{t(help)}</span>
      )}
    </span>
  );
}

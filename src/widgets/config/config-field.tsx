import { useEffect, useId, useState } from "react";
import type { ConfigField, ConfigValue } from "../../runtime/protocol/config.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import { useHost } from "../host.js";
import type { Translate } from "../view.js";
import { CONTROLS } from "./controls/index.js";
import { RemoveSecret } from "./controls/secret.js";
import { type Draft, problemOf, shownIn, valueOf } from "./draft.js";

interface FieldRowProps {
  /** Null for what holds for all apps. */
  app: AppId | null;
  field: ConfigField;
  draft: Draft;
  onChange(value: ConfigValue): void;
}

/** One setting: what it is called, its control, what is said about it, and how it differs. */
export function FieldRow({ app, field, draft, onChange }: FieldRowProps) {
  const { t } = useHost();
  const id = useId();
  const { kind, label, key, help } = field;
  const typed = draft[field.id];
  const problem = problemOf(field, draft);
  const warning = useWarning(app, field, draft);
  const note = problem ?? warning ?? meanwhile(field, draft, t);
  const Control = CONTROLS[kind];
  const isChanged = typed !== undefined || field.changed;
  const describedBy = [help === "" ? "" : `${id}-help`, note === null ? "" : `${id}-note`].join(" ").trim();
  return (
    <div className={`pk-config-field${isChanged ? " pk-config-changed" : ""}`}>
      <div className="pk-config-name">
        <label htmlFor={id}>{t(label)}</label>
        {label === key ? null : (
          <code className="pk-config-key" title={key}>
            {key}
          </code>
        )}
      </div>
      <div className="pk-config-value">
        <Control
          id={id}
          field={field}
          value={kind === "secret" && typed === undefined ? null : shownIn(field, draft)}
          describedBy={describedBy === "" ? undefined : describedBy}
          isWrong={problem !== null}
          onChange={onChange}
        />
        {help === "" ? null : (
          <p id={`${id}-help`} className="pk-soft pk-config-help">
            {t(help)}
          </p>
        )}
        {note === null ? null : (
          <p id={`${id}-note`} className={problem === null ? "pk-warning-text" : "pk-ask-note"}>
            {t(note)}
          </p>
        )}
        <Marks field={field} draft={draft} onChange={onChange} />
      </div>
    </div>
  );
}

function Marks({ field, draft, onChange }: Omit<FieldRowProps, "app">) {
  const { t } = useHost();
  const { kind, isSet, default: usual } = field;
  const typed = draft[field.id];
  if (kind === "secret") {
    if (typed !== undefined && typed.typed === null)
      return <p className="pk-config-marks">{t("Goes when you apply")}</p>;
    return isSet === true && typed === undefined ? (
      <p className="pk-config-marks">
        <span>{t("Set")}</span>
        <RemoveSecret onRemove={() => onChange(null)} />
      </p>
    ) : null;
  }
  const now = typed === undefined ? field.value : valueOf(field, typed);
  const isUsual = usual === undefined || (usual ?? "") === (now ?? "");
  if (typed === undefined && isUsual) return null;
  return (
    <p className="pk-config-marks">
      <span>{typed === undefined ? t("Changed") : t("Not applied yet")}</span>
      {typed === undefined ? null : (
        <button type="button" className="pk-link" onClick={() => onChange(field.value)}>
          {t("Back to {value}", { value: valueText(field.value, t) })}
        </button>
      )}
      {isUsual || usual === field.value ? null : (
        <button type="button" className="pk-link" onClick={() => onChange(usual)}>
          {t("Default: {value}", { value: valueText(usual, t) })}
        </button>
      )}
    </p>
  );
}

const LONGEST = 60;

export function valueText(value: ConfigValue | undefined, t: Translate): string {
  if (value === null || value === undefined || value === "") return t("not set");
  if (typeof value === "boolean") return value ? t("on") : t("off");
  const text = String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Somebody else, or the app, has changed what a person is about to change. */
function meanwhile(field: ConfigField, draft: Draft, t: Translate): string | null {
  const typed = draft[field.id];
  if (typed === undefined || field.kind === "secret" || typed.seen === field.value) return null;
  return t("It has been changed meanwhile, to {value}", { value: valueText(field.value, t) });
}

const ASK_AFTER_MS = 400;
const LOOKED_UP = new Set<ConfigField["kind"]>(["port", "file", "folder", "model"]);

/** What only the machine knows of a value: whether a port is free, or a file is there. */
function useWarning(app: AppId | null, field: ConfigField, draft: Draft): string | null {
  const { client } = useHost();
  const typed = draft[field.id];
  const value = typed === undefined ? null : valueOf(field, typed);
  const [told, setTold] = useState<{ value: ConfigValue; warning: string | null } | null>(null);
  const isAsked = typed !== undefined && LOOKED_UP.has(field.kind) && problemOf(field, draft) === null;
  useEffect(() => {
    if (!isAsked || app === null) return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      client.request("config.check", { app, field: field.id, value }).then(
        ({ warning }) => isCurrent && setTold({ value, warning }),
        () => undefined, // applying says what is wrong
      );
    }, ASK_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, app, field.id, value, isAsked]);
  return isAsked && told?.value === value ? told.warning : null;
}

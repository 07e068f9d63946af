import { useId, useState } from "react";
import { AppSettingsChange, type AppSettingsNow, memoryText } from "../../runtime/protocol/app-settings.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import { byEscape } from "../by-escape.js";
import { useAction, useHost, useObstacle } from "../host.js";
import type { Translate } from "../view.js";
import { Button } from "./button.js";
import { ErrorCard } from "./error-card.js";

interface LimitsFormProps {
  app: AppId;
  now: AppSettingsNow;
  onClose(): void;
}

type FieldName = "memory" | "disk" | "cpu" | "nice" | "stopGraceSeconds" | "most";
type Values = Record<FieldName, string> & { restarts: boolean };

/** Everything that is decided for an app, saved at once. Empty means: as for all. */
export function LimitsForm({ app, now, onClose }: LimitsFormProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const [before] = useState(() => valuesOf(now));
  const [values, setValues] = useState(before);
  const [wrong, setWrong] = useState<readonly FieldName[]>([]);

  const save = () => {
    const { change, wrong: found } = changeBetween(before, values);
    setWrong(found);
    if (found.length > 0) return;
    if (Object.keys(change).length === 0) return onClose();
    action.start(async () => {
      await client.request("apps.setSettings", { app, settings: change });
      onClose();
    });
  };
  const sizeOr = (bytes: number | null): string => (bytes === null ? t("no limit") : memoryText(bytes));
  const field = (name: FieldName) => ({
    value: values[name],
    problem: wrong.includes(name) ? problems(t)[name] : null,
    onChange: (value: string) => setValues({ ...values, [name]: value }),
  });

  return (
    <form
      className="pk-limits"
      {...byEscape(onClose)}
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === null && !action.busy) save();
      }}
    >
      <LimitField
        takesFocus
        label={t("Memory")}
        placeholder={sizeOr(now.holds.memoryBytes)}
        after={t("such as 8 GB")}
        {...field("memory")}
      />
      <LimitField
        label={t("Disk")}
        placeholder={sizeOr(now.holds.diskBytes)}
        after={t("such as 20 GB, for its folder")}
        {...field("disk")}
      />
      <LimitField
        label={t("Processor")}
        placeholder={now.holds.cpu === null ? t("no limit") : String(now.holds.cpu)}
        after={t("cores, such as 1.5")}
        {...field("cpu")}
      />
      <LimitField
        label={t("Yield to others")}
        placeholder={String(now.holds.nice)}
        after={t("0 to 19 (nice)")}
        {...field("nice")}
      />
      <LimitField
        label={t("Time to stop")}
        placeholder={String(now.holds.stopGraceSeconds)}
        after={t("seconds, then it is killed")}
        {...field("stopGraceSeconds")}
      />
      <label className="pk-limits-check">
        <input
          type="checkbox"
          checked={values.restarts}
          onChange={(event) => setValues({ ...values, restarts: event.target.checked })}
        />
        {t("Start again when it fails after it was ready")}
      </label>
      {values.restarts ? (
        <LimitField label={t("At most")} placeholder="5" after={t("times in 10 minutes")} {...field("most")} />
      ) : null}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      <div className="pk-actions">
        <Button kind="primary" submits obstacle={obstacle} busy={action.busy} onPress={() => undefined}>
          {t("Save")}
        </Button>
        <Button onPress={onClose}>{t("Cancel")}</Button>
      </div>
    </form>
  );
}

interface LimitFieldProps {
  label: string;
  placeholder: string;
  after: string;
  value: string;
  problem: string | null;
  takesFocus?: boolean;
  onChange(value: string): void;
}

function LimitField({ label, placeholder, after, value, problem, takesFocus, onChange }: LimitFieldProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <span className="pk-limits-value">
        <input
          id={id}
          type="text"
          spellCheck={false}
          autoFocus={takesFocus}
          value={value}
          placeholder={placeholder}
          aria-describedby={`${id}-words`}
          aria-invalid={problem !== null || undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        <span id={`${id}-words`} className={problem === null ? "pk-soft" : "pk-ask-note"}>
          {problem ?? after}
        </span>
      </span>
    </>
  );
}

const problems = (t: Translate): Record<FieldName, string> => ({
  memory: t("A size such as 8 GB, at least 16 MB"),
  disk: t("A size such as 20 GB, at least 16 MB"),
  cpu: t("A number of cores such as 1.5"),
  nice: t("A whole number from 0 to 19"),
  stopGraceSeconds: t("A number of seconds, at most 100"),
  most: t("A whole number of at least 1"),
});

function valuesOf({ settings }: AppSettingsNow): Values {
  const { memory, disk, cpu, nice, stopGraceSeconds, restart } = settings;
  const size = (value: string | number | undefined): string =>
    typeof value === "number" ? memoryText(value) : (value ?? "");
  const text = (value: number | undefined): string => (value === undefined ? "" : String(value));
  return {
    memory: size(memory),
    disk: size(disk),
    cpu: text(cpu),
    nice: text(nice),
    stopGraceSeconds: text(stopGraceSeconds),
    restarts: restart?.onFailure === true,
    most: text(restart?.most),
  };
}

/** Only what was changed here: somebody else may have changed the rest meanwhile. */
function changeBetween(before: Values, after: Values): { change: AppSettingsChange; wrong: FieldName[] } {
  const change: Record<string, unknown> = {};
  const wrong: FieldName[] = [];
  const take = (name: FieldName, field: keyof AppSettingsChange, value: unknown): void => {
    if (AppSettingsChange.shape[field].safeParse(value).success) change[field] = value;
    else wrong.push(name);
  };
  for (const name of ["memory", "disk", "cpu", "nice", "stopGraceSeconds"] as const) {
    if (after[name] !== before[name]) take(name, name, read(name, after[name]));
  }
  if (after.restarts !== before.restarts || after.most !== before.most) {
    const most = read("most", after.most);
    const restart = { onFailure: true, ...(most === null ? {} : { most }) };
    take("most", "restart", after.restarts ? restart : null);
  }
  return { change, wrong };
}

/** A comma is how many people write a number. */
function read(name: FieldName, written: string): string | number | null {
  const text = written.trim();
  if (text === "") return null;
  return name === "memory" || name === "disk" ? text : Number(text.replace(",", "."));
}

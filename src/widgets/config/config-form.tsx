import { useState } from "react";
import type { ConfigForm, ConfigSection, ConfigValue } from "../../runtime/protocol/config.js";
import { isSecretSetting } from "../../runtime/protocol/secret-names.js";
import { useHost } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { Icon } from "../parts/icon.js";
import { FieldRow } from "./config-field.js";
import { type Draft, typeInto } from "./draft.js";

/** As many are shown opened. */
const FEW_FIELDS = 24;
const FINDS_FROM = 12;

interface FormViewProps {
  form: ConfigForm;
  draft: Draft;
  onDraft(draft: Draft): void;
}

/** Every setting, by where its value lives. */
export function FormView({ form, draft, onDraft }: FormViewProps) {
  const { t } = useHost();
  const [sought, setSought] = useState("");
  const count = form.sections.reduce((sum, { fields }) => sum + fields.length, 0);
  return (
    <div className="pk-config-form">
      {count < FINDS_FROM ? null : (
        <input
          type="search"
          className="pk-input"
          aria-label={t("Find a setting")}
          placeholder={t("Find among {count} settings", { count })}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      )}
      {form.sections.map((section, at) => (
        <SectionView
          key={section.id}
          form={form}
          section={section}
          isOpened={at === 0 || count <= FEW_FIELDS}
          sought={sought.trim().toLowerCase()}
          draft={draft}
          onDraft={onDraft}
        />
      ))}
    </div>
  );
}

interface SectionViewProps extends FormViewProps {
  section: ConfigSection;
  isOpened: boolean;
  sought: string;
}

function SectionView({ form, section, isOpened, sought, draft, onDraft }: SectionViewProps) {
  const { t } = useHost();
  const { fields, title, file, kind, notes, problem, others, hasText, takesMore } = section;
  const [isOpen, setOpen] = useState(isOpened);
  const shown = fields.filter(
    ({ label, key, help }) => sought === "" || [label, key, help].some((text) => text.toLowerCase().includes(sought)),
  );
  if (sought !== "" && shown.length === 0) return null;
  const changed = fields.filter(({ changed: is, id }) => is || Object.hasOwn(draft, id)).length;
  const opened = isOpen || sought !== "";
  const change = (id: string, value: ConfigValue): void => {
    const field = fields.find((one) => one.id === id);
    if (field !== undefined) onDraft(typeInto(draft, field, value));
  };
  return (
    <section className="pk-config-section" aria-label={title}>
      <button type="button" className="pk-config-head" aria-expanded={opened} onClick={() => setOpen(!isOpen)}>
        <Icon name={opened ? "down" : "right"} />
        <span className="pk-config-title">
          {kind === "file" ? <code>{title}</code> : t(title)}
          {kind === "variables" && file !== null ? <code className="pk-config-file">{file}</code> : null}
        </span>
        <span className="pk-soft">
          {changed === 0
            ? countText(fields.length, t)
            : t("{settings}, {changed} changed", { settings: countText(fields.length, t), changed })}
        </span>
      </button>
      {opened ? (
        <div className="pk-config-fields">
          {notes.map((note) => (
            <p key={note} className="pk-soft">
              {note}
            </p>
          ))}
          {problem === null ? null : <ErrorCard error={problem} />}
          {shown.map((field) => (
            <FieldRow
              key={field.id}
              app={form.app}
              field={field}
              draft={draft}
              onChange={(value) => change(field.id, value)}
            />
          ))}
          {others === 0 ? null : (
            <p className="pk-soft">
              {hasText ? t("{count} more values are in its text only", { count: others }) : null}
            </p>
          )}
          {takesMore && sought === "" ? <NewVariable section={section} draft={draft} onDraft={onDraft} /> : null}
        </div>
      ) : null}
    </section>
  );
}

const countText = (count: number, t: ReturnType<typeof useHost>["t"]): string =>
  count === 1 ? t("1 setting") : t("{count} settings", { count });

const NAME = /^[A-Za-z_]\w*$/;

/** A variable that the app may read and nobody has written yet. */
function NewVariable({
  section,
  draft,
  onDraft,
}: {
  section: ConfigSection;
  draft: Draft;
  onDraft(draft: Draft): void;
}) {
  const { t } = useHost();
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const [isOpen, setOpen] = useState(false);
  const known = new Set(section.fields.map(({ key }) => key));
  const prefix = `${section.id}#`;
  const added = Object.entries(draft).filter(
    ([id]) => id.startsWith(prefix) && !section.fields.some((one) => one.id === id),
  );
  const obstacle = !NAME.test(name)
    ? t("A name holds letters, digits and underscores")
    : known.has(name)
      ? t("There is one of that name")
      : null;
  const isSecret = isSecretSetting([name]);
  const remove = (id: string): void => {
    const { [id]: _, ...others } = draft;
    onDraft(others);
  };
  return (
    <>
      {added.map(([id, { typed }]) => (
        <p key={id} className="pk-config-added">
          <code>{id.slice(prefix.length)}</code>
          <span>{isSecretSetting([id.slice(prefix.length)]) ? "••••" : String(typed)}</span>
          <button type="button" className="pk-link" onClick={() => remove(id)}>
            {t("Leave out")}
          </button>
        </p>
      ))}
      {isOpen ? (
        <div className="pk-config-new">
          <input
            type="text"
            className="pk-input"
            aria-label={t("Name of the variable")}
            placeholder={t("NAME")}
            spellCheck={false}
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value.trim())}
          />
          <input
            type={isSecret ? "password" : "text"}
            className="pk-input"
            aria-label={t("Its value")}
            placeholder={t("value")}
            autoComplete={isSecret ? "new-password" : "off"}
            spellCheck={false}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
          <Button
            obstacle={obstacle}
            onPress={() => {
              onDraft({ ...draft, [prefix + name]: { typed: value, seen: null } });
              setName("");
              setValue("");
              setOpen(false);
            }}
          >
            {t("Add")}
          </Button>
        </div>
      ) : (
        <Button kind="quiet" icon="plus" onPress={() => setOpen(true)}>
          {t("Another variable")}
        </Button>
      )}
    </>
  );
}

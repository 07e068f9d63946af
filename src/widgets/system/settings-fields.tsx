import { useState } from "react";
import type { ConfigChange } from "../../runtime/protocol/config.js";
import type { SettingsForm } from "../../runtime/protocol/system.js";
import { FieldRow } from "../config/config-field.js";
import { type Draft, pendingOf, typeInto } from "../config/draft.js";
import { useAction, useHost, useObstacle, useRemembered } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";

interface SettingsFieldsProps {
  /** Names what is typed here and not applied yet. */
  id: string;
  sections: SettingsForm["sections"];
  /** Without it a single section needs no heading of its own. */
  hasHeadings?: boolean;
  onSaved(form: SettingsForm): void;
}

/** Settings of all apps with their sentences, applied together. */
export function SettingsFields({ id, sections, hasHeadings = true, onSaved }: SettingsFieldsProps) {
  const { t } = useHost();
  const [draft, setDraft] = useRemembered<Draft>(`settings draft ${id}`, {});
  return (
    <div className="pk-page-config pk-settings">
      {sections.map((section) => (
        <div key={section.id} className="pk-settings-group" role="group" aria-label={t(section.title)}>
          {hasHeadings ? <h3 className="pk-heading">{t(section.title)}</h3> : null}
          {section.notes.map((note) => (
            <p key={note} className="pk-soft">
              {t(note)}
            </p>
          ))}
          <div className="pk-config-fields">
            {section.fields.map((field) => (
              <FieldRow
                key={field.id}
                app={null}
                field={field}
                draft={draft}
                onChange={(value) => setDraft(typeInto(draft, field, value))}
              />
            ))}
          </div>
        </div>
      ))}
      <SaveBar sections={sections} draft={draft} onDraft={setDraft} onSaved={onSaved} />
    </div>
  );
}

interface SaveBarProps {
  sections: SettingsForm["sections"];
  draft: Draft;
  onDraft(draft: Draft): void;
  onSaved(form: SettingsForm): void;
}

/** What is to be applied; what was applied last can be taken back. */
function SaveBar({ sections, draft, onDraft, onSaved }: SaveBarProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const [undo, setUndo] = useState<ConfigChange[] | null>(null);
  const { changes, wrong } = pendingOf({ sections }, draft);
  const count = Object.keys(draft).length;
  const wrongWords =
    wrong.length === 0 ? null : t("Correct {names} first", { names: wrong.map(({ label }) => t(label)).join(", ") });
  const set = (wanted: ConfigChange[], back: ConfigChange[] | null) =>
    action.start(async () => {
      onSaved(await client.request("settings.set", { changes: wanted }));
      onDraft({});
      setUndo(back);
    });
  if (count === 0 && undo === null && action.error === null) return null;
  return (
    <div className="pk-config-apply" role="group" aria-label={t("Apply")}>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      <div className="pk-actions">
        {count > 0 ? (
          <>
            <span aria-live="polite">{count === 1 ? t("1 change") : t("{count} changes", { count })}</span>
            <Button
              kind="primary"
              obstacle={obstacle ?? wrongWords}
              busy={action.busy}
              onPress={() => set(changes, changes.map(takenBack))}
            >
              {t("Apply")}
            </Button>
            <Button kind="quiet" onPress={() => onDraft({})}>
              {t("Discard")}
            </Button>
          </>
        ) : undo === null ? null : (
          <>
            <span role="status">{t("Applied")}</span>
            <Button obstacle={obstacle} busy={action.busy} onPress={() => set(undo, null)}>
              {t("Undo")}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

const takenBack = ({ field, value, before = null }: ConfigChange): ConfigChange => ({
  field,
  value: before,
  before: value,
});

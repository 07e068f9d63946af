import { useHost } from "../host.js";
import { ErrorCard } from "../parts/error-card.js";
import { FoldedSection } from "../parts/folded-section.js";
import { SettingsFields } from "./settings-fields.js";
import { useSettings } from "./use-settings.js";

/** What can be set for PinokioCloud itself. */
export function SettingsSection() {
  const { t } = useHost();
  const { value: form, error, take } = useSettings();
  const sections = form?.sections.filter(({ id }) => id !== "limits") ?? [];
  const changed = sections.flatMap(({ fields }) => fields).filter((field) => field.changed).length;
  const summary = changed === 0 ? t("as usual") : t("{changed} changed", { changed });
  return (
    <FoldedSection id="settings" title={t("Settings")} {...(form === null ? {} : { summary })}>
      {error === null ? null : <ErrorCard error={error} />}
      {form === null ? null : (
        <>
          <SettingsFields id="all" sections={sections} onSaved={take} />
          <p className="pk-soft pk-path">
            {t("They are written into {file}, and what is changed there by hand holds too.", { file: form.file })}
          </p>
        </>
      )}
    </FoldedSection>
  );
}

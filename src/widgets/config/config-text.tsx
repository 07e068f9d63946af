import { useId } from "react";
import type { ConfigForm } from "../../runtime/protocol/config.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import { useAction, useAnswer, useHost, useObstacle, useRemembered } from "../host.js";
import { Button } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { useOnConfigChanged } from "./use-config.js";

/** The files themselves, for what no form can show. */
export function TextView({ form }: { form: ConfigForm }) {
  const { t } = useHost();
  const sections = form.sections.filter(({ hasText }) => hasText);
  const [chosen, setChosen] = useRemembered(`config text ${form.app}`, sections[0]?.id ?? "");
  const id = useId();
  const section = sections.find(({ id }) => id === chosen) ?? sections[0];
  if (section === undefined) return <p className="pk-soft">{t("This app keeps its settings in no file")}</p>;
  return (
    <div className="pk-config-text">
      <div className="pk-config-pick">
        <label htmlFor={id}>{t("File")}</label>
        <select id={id} className="pk-input" value={section.id} onChange={(event) => setChosen(event.target.value)}>
          {sections.map(({ id: value, file, title }) => (
            <option key={value} value={value}>
              {file ?? title}
            </option>
          ))}
        </select>
      </div>
      <Editor key={section.id} app={form.app} section={section.id} file={section.file ?? section.title} />
    </div>
  );
}

interface Edited {
  text: string;
  /** The version that it was made from. */
  version: string;
}

function Editor({ app, section, file }: { app: AppId; section: string; file: string }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { value: now, error, refresh } = useAnswer("config.text", { app, section });
  useOnConfigChanged(app, refresh);
  const [edited, setEdited] = useRemembered<Edited | null>(`config edited ${app} ${section}`, null);
  const hasChanged = edited !== null && now !== null && edited.version !== now.version;
  const save = (text: Edited) =>
    action.start(async () => {
      await client.request("config.setText", { app, section, ...text });
      setEdited(null);
      refresh();
    });
  if (error !== null) return <ErrorCard error={error} />;
  if (now === null) return null;
  return (
    <>
      <textarea
        className="pk-input pk-config-editor"
        aria-label={t("Text of {file}", { file })}
        rows={16}
        spellCheck={false}
        wrap="off"
        value={edited?.text ?? now.text}
        onChange={(event) => setEdited({ text: event.target.value, version: edited?.version ?? now.version })}
      />
      {now.text.includes("«secret ") ? (
        <p className="pk-soft">{t("«secret …» stands for a secret: leave it, or write another in its place.")}</p>
      ) : null}
      {hasChanged ? <p className="pk-warning-text">{t("The file has been changed meanwhile.")}</p> : null}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      {edited === null ? null : (
        <div className="pk-actions">
          <Button
            kind="primary"
            obstacle={obstacle ?? (hasChanged ? t("Look at the file as it is now first") : null)}
            busy={action.busy}
            onPress={() => save(edited)}
          >
            {t("Save")}
          </Button>
          <Button onPress={() => setEdited(null)}>{hasChanged ? t("Show it as it is now") : t("Discard")}</Button>
        </div>
      )}
    </>
  );
}

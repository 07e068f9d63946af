import { useRef, useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { ConfigApplied, ConfigForm } from "../../runtime/protocol/config.js";
import { useAction, useHost, useObstacle, useRemembered } from "../host.js";
import { configKey, useLedTo } from "../led-to.js";
import { Button, IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { FormView } from "./config-form.js";
import { HistoryView } from "./config-history.js";
import { Presets } from "./config-presets.js";
import { TextView } from "./config-text.js";
import { type Draft, pendingOf } from "./draft.js";
import { useConfig, useLiveRuns } from "./use-config.js";

const VIEWS = ["settings", "presets", "text", "history"] as const;
type View = (typeof VIEWS)[number];

/** What an app can be told: closed a line, opened its whole form. */
export function AppConfig({ app }: { app: App }) {
  const { t } = useHost();
  const [isOpen, setOpen] = useRemembered(configKey(app.id), false);
  const section = useRef<HTMLElement>(null);
  useLedTo("settings", app.id, section);
  return (
    <section className="pk-page-config" aria-label={t("Configure")} tabIndex={-1} ref={section}>
      <h3 className="pk-heading">{t("Configure")}</h3>
      {isOpen ? (
        <Opened app={app} onClose={() => setOpen(false)} />
      ) : (
        <Button kind="quiet" icon="right" expanded={false} onPress={() => setOpen(true)}>
          {t("Show its settings")}
        </Button>
      )}
    </section>
  );
}

function Opened({ app, onClose }: { app: App; onClose(): void }) {
  const { t } = useHost();
  const { value: form, error, refresh } = useConfig(app.id);
  const [view, setView] = useRemembered<View>("config view", "settings");
  const [draft, setDraft] = useRemembered<Draft>(`config draft ${app.id}`, {});
  const names: Record<View, string> = {
    settings: t("Settings"),
    presets: t("Presets"),
    text: t("Text"),
    history: t("History"),
  };
  const isDrafted = Object.keys(draft).length > 0;
  return (
    <>
      <div className="pk-config-bar">
        <div className="pk-choices" role="group" aria-label={t("What to show")}>
          {VIEWS.map((name) => (
            <button
              key={name}
              type="button"
              className="pk-choice"
              aria-pressed={view === name}
              onClick={() => setView(name)}
            >
              {names[name]}
            </button>
          ))}
        </div>
        <IconButton icon="close" label={t("Close the settings")} onPress={onClose} />
      </div>
      {error === null ? null : <ErrorCard error={error} />}
      {form === null ? null : (
        <>
          {view === "settings" ? <FormView form={form} draft={draft} onDraft={setDraft} /> : null}
          {view === "presets" ? (
            <Presets form={form} draftObstacle={isDrafted ? t("Apply or discard what you have typed first") : null} />
          ) : null}
          {view === "text" ? <TextView form={form} /> : null}
          {view === "history" ? <HistoryView app={app.id} /> : null}
          <ApplyBar
            key={view}
            form={form}
            draft={view === "settings" ? draft : {}}
            onDraft={setDraft}
            onApplied={refresh}
          />
        </>
      )}
    </>
  );
}

interface ApplyBarProps {
  form: ConfigForm;
  draft: Draft;
  onDraft(draft: Draft): void;
  onApplied(): void;
}

/** What is to be applied, and what still runs with what was before. */
function ApplyBar({ form, draft, onDraft, onApplied }: ApplyBarProps) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const [told, setTold] = useState<ConfigApplied | null>(null);
  const runs = useLiveRuns(form.app);
  const { app, outdated } = form;
  const { changes, wrong } = pendingOf(form, draft);
  const count = Object.keys(draft).length;
  const isEmpty = count === 0;
  const work = (act: () => Promise<ConfigApplied | null>) =>
    action.start(async () => {
      try {
        setTold(await act());
      } finally {
        onApplied(); // also to see what somebody else has changed
      }
    });
  const apply = (restart: boolean) =>
    work(async () => {
      const done = await client.request("config.set", { app, changes, restart });
      onDraft({});
      return done;
    });
  const restart = () =>
    work(async () => {
      await client.request("config.restart", { app });
      return null;
    });
  const wrongWords =
    wrong.length === 0 ? null : t("Correct {names} first", { names: wrong.map(({ label }) => label).join(", ") });
  const warnings = isEmpty ? (told?.warnings ?? []) : [];
  if (isEmpty && outdated.length === 0 && warnings.length === 0 && action.error === null) return null;

  return (
    <div className="pk-config-apply" role="group" aria-label={t("Apply")}>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      {warnings.map((warning) => (
        <p key={warning} className="pk-warning-text">
          {warning}
        </p>
      ))}
      {isEmpty ? (
        outdated.length === 0 ? null : (
          <div className="pk-actions">
            <span>{t("It runs with settings of before.")}</span>
            <Button kind="primary" obstacle={obstacle} busy={action.busy} onPress={restart}>
              {t("Restart")}
            </Button>
          </div>
        )
      ) : (
        <div className="pk-actions">
          <span aria-live="polite">{count === 1 ? t("1 change") : t("{count} changes", { count })}</span>
          <Button kind="primary" obstacle={obstacle ?? wrongWords} busy={action.busy} onPress={() => apply(false)}>
            {t("Apply")}
          </Button>
          {runs.length === 0 ? null : (
            <Button obstacle={obstacle ?? wrongWords} busy={action.busy} onPress={() => apply(true)}>
              {t("Apply and restart")}
            </Button>
          )}
          <Button kind="quiet" onPress={() => onDraft({})}>
            {t("Discard")}
          </Button>
        </div>
      )}
    </div>
  );
}

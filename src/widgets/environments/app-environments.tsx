import type { App } from "../../runtime/protocol/apps.js";
import { useAnswer, useHost, useSnapshot } from "../host.js";
import { ErrorCard } from "../parts/error-card.js";
import { EnvironmentRows } from "./environment-rows.js";

/** What an app works with: Python, packages and tools of its environments. */
export function AppEnvironments({ app }: { app: App }) {
  const { t } = useHost();
  const changes = useSnapshot()?.environments.changes ?? 0;
  const { value, error } = useAnswer("environments.list", { app: app.id }, String(changes));
  return (
    <section className="pk-page-environments" aria-label={t("Environment")}>
      <h3 className="pk-heading">{t("Environment")}</h3>
      {error === null ? null : <ErrorCard error={error} />}
      {value === null ? null : value.environments.length === 0 ? (
        <p className="pk-soft">{t("None yet: an app that uses Python or Node gets one when it is installed")}</p>
      ) : (
        <EnvironmentRows environments={value.environments} active={value.active} ofApp={app} />
      )}
    </section>
  );
}

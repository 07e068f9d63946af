import { useAnswer, useHost, useSnapshot } from "../host.js";
import { Empty } from "../parts/empty.js";
import { ErrorCard } from "../parts/error-card.js";
import { ActiveChoice } from "./active-choice.js";
import { EnvironmentRows } from "./environment-rows.js";

/** Every environment of the home, and which one is active. */
export function AllEnvironments() {
  const { t } = useHost();
  const changes = useSnapshot()?.environments.changes ?? 0;
  const { value, error } = useAnswer("environments.list", {}, String(changes));
  return (
    <section className="pk-environments">
      <h2 className="pk-heading">{t("Environments")}</h2>
      {error === null ? null : <ErrorCard error={error} />}
      {value === null ? null : (
        <>
          <ActiveChoice {...value} />
          {value.environments.length === 0 ? (
            <Empty title={t("No environments yet")}>
              <p className="pk-soft">{t("An app that uses Python or Node gets one when it is installed.")}</p>
            </Empty>
          ) : (
            <EnvironmentRows environments={value.environments} active={value.active} />
          )}
        </>
      )}
    </section>
  );
}

import { useState } from "react";
import type { CatalogSourceState } from "../../runtime/protocol/packages.js";
import { useAction, useAnswer, useHost, useObstacle, useRemembered, useSnapshot } from "../host.js";
import { Button, IconButton } from "../parts/button.js";
import { ErrorCard } from "../parts/error-card.js";
import { Icon } from "../parts/icon.js";

/** Where packages come from, what came of asking, and adding another source. */
export function CatalogSources() {
  const { t } = useHost();
  const [isOpen, setOpen] = useRemembered("discover sources open", false);
  const round = useSnapshot()?.catalogRound ?? 0;
  const { value, refresh } = useAnswer("catalog.sources", {}, String(round));
  const sources = value ?? [];
  const failed = sources.filter(({ error }) => error !== null);
  return (
    <section className="pk-sources" aria-label={t("Sources of the catalog")}>
      {failed.map((source) => (
        <FailedSource key={source.id} source={source} onAsked={refresh} />
      ))}
      <Button kind="quiet" icon={isOpen ? "down" : "right"} expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        {sources.map((source) => shortText(source)).join(" · ") || t("Sources")}
      </Button>
      {isOpen ? (
        <>
          <ul className="pk-source-list">
            {sources.map((source) => (
              <SourceRow key={source.id} source={source} onAsked={refresh} />
            ))}
          </ul>
          <AddSource onAdded={refresh} />
        </>
      ) : null}
    </section>
  );
}

const shortText = ({ label, date, packages }: CatalogSourceState): string =>
  `${label} (${packages}${date === null ? "" : `, ${dayText(date)}`})`;

/** A day that is not broken over two lines. */
const dayText = (date: string): string => date.slice(0, 10).replace(/-/g, "\u2011");

/** What was fetched before is shown all the same. */
function FailedSource({ source, onAsked }: { source: CatalogSourceState; onAsked(): void }) {
  const { client, t } = useHost();
  const action = useAction();
  const obstacle = useObstacle();
  if (source.error === null) return null;
  return (
    <div className="pk-source-failed" role="status">
      <Icon name="warning" />
      <span>
        {source.error.message}
        {source.date === null ? "" : `. ${t("What was fetched on {date} is shown", { date: dayText(source.date) })}`}
      </span>
      <Button
        kind="quiet"
        icon="refresh"
        obstacle={obstacle}
        busy={action.busy}
        onPress={() => action.start(() => client.request("catalog.refresh", { id: source.id }).finally(onAsked))}
      >
        {t("Try again")}
      </Button>
    </div>
  );
}

function SourceRow({ source, onAsked }: { source: CatalogSourceState; onAsked(): void }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { id, label, address, packages, skipped, problems, date, canRemove, canRefresh } = source;
  return (
    <li className="pk-source">
      <div className="pk-source-text">
        <span>
          {label}{" "}
          <span className="pk-soft">
            {packages === 1 ? t("1 package") : t("{count} packages", { count: packages })}
          </span>
          {date === null ? null : <span className="pk-soft"> · {dayText(date)}</span>}
        </span>
        {address === null || address === label ? null : <span className="pk-soft pk-path">{address}</span>}
        {skipped === 0 ? null : (
          <details>
            <summary>
              {skipped === 1 ? t("1 entry was left out") : t("{count} entries were left out", { count: skipped })}
            </summary>
            <ul className="pk-source-problems">
              {problems.map((problem, at) => (
                <li key={at}>{problem}</li>
              ))}
            </ul>
          </details>
        )}
        {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
      </div>
      {canRefresh ? (
        <IconButton
          icon="refresh"
          label={t("Ask {source} for what is new", { source: label })}
          obstacle={obstacle}
          onPress={() => action.start(() => client.request("catalog.refresh", { id }).finally(onAsked))}
        />
      ) : null}
      {canRemove ? (
        <IconButton
          icon="close"
          label={t("Remove the source {source}", { source: label })}
          obstacle={obstacle}
          onPress={() => action.start(() => client.request("catalog.removeSource", { id }).finally(onAsked))}
        />
      ) : null}
    </li>
  );
}

function AddSource({ onAdded }: { onAdded(): void }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const [address, setAddress] = useState("");
  const typed = address.trim();
  const add = () =>
    action.start(async () => {
      await client.request("catalog.addSource", { address: typed });
      setAddress("");
      onAdded();
    });
  return (
    <form
      className="pk-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === null && typed !== "" && !action.busy) add();
      }}
    >
      <label className="pk-field">
        <span>{t("Add a source")}</span>
        <input
          type="text"
          value={address}
          placeholder={t("Address of an index or repository, or a folder")}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setAddress(event.target.value)}
        />
      </label>
      <Button
        submits
        obstacle={obstacle ?? (typed === "" ? t("Type an address or a folder first") : null)}
        busy={action.busy}
        onPress={() => undefined}
      >
        {t("Add")}
      </Button>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </form>
  );
}

import { useCallback } from "react";
import type { App, CatalogEntry } from "../../runtime/protocol/apps.js";
import { appSituation } from "../app-condition.js";
import { useAction, useAnswer, useFrame, useHost, useObstacle, useRemembered, useRuns, useSnapshot } from "../host.js";
import { AppButtons, AppFailure, AppStatus } from "../parts/app-controls.js";
import { AppPicture } from "../parts/app-picture.js";
import { Button } from "../parts/button.js";
import { Empty } from "../parts/empty.js";
import { ErrorCard } from "../parts/error-card.js";
import { useInstallApp } from "../parts/install-app.js";
import { WaitingLine } from "../parts/waiting-line.js";
import type { Tab } from "./tab.js";

export const discoverTab: Tab = { id: "discover", label: "Discover", icon: "discover", View: Discover };

function Discover() {
  const { t } = useHost();
  const apps = useSnapshot()?.apps ?? [];
  // Which entries are installed changes with the apps.
  const catalog = useAnswer("catalog.list", {}, apps.map(({ id, state }) => `${id} ${state}`).join("\n"));
  const entries = catalog.value ?? [];

  return (
    <>
      <FolderForm />
      {catalog.error === null ? null : (
        <ErrorCard error={catalog.error}>
          <Button icon="refresh" onPress={catalog.refresh}>
            {t("Try again")}
          </Button>
        </ErrorCard>
      )}
      {catalog.value === null && catalog.since !== null ? <p className="pk-soft">{t("Reading the catalog")}</p> : null}
      {catalog.value !== null && entries.length === 0 ? <Empty title={t("The catalog is empty")} /> : null}
      <ul className="pk-cards">
        {entries.map((entry) => (
          <li key={entry.id} className="pk-app">
            <CatalogCard entry={entry} app={apps.find(({ id }) => id === entry.installed) ?? null} />
          </li>
        ))}
      </ul>
    </>
  );
}

function CatalogCard({ entry, app }: { entry: CatalogEntry; app: App | null }) {
  const { t } = useHost();
  const runs = useRuns();
  const situation = app === null ? null : appSituation(app, runs, t);
  return (
    <article className="pk-app-grid" aria-label={entry.title}>
      <AppPicture id={entry.id} title={entry.title} icon={entry.icon} />
      <div className="pk-app-main">
        <h3 className="pk-app-title">{entry.title}</h3>
        <p className="pk-app-summary">{entry.description}</p>
        {situation === null ? null : <AppStatus situation={situation} />}
        {app === null ? null : <WaitingLine app={app} />}
      </div>
      <div className="pk-actions pk-app-actions">
        {app === null || situation === null ? (
          <InstallButton entry={entry} />
        ) : (
          <AppButtons app={app} situation={situation} />
        )}
      </div>
      {app === null || situation === null ? null : (
        <div className="pk-app-more">
          <AppFailure app={app} situation={situation} place="discover" />
        </div>
      )}
    </article>
  );
}

function InstallButton({ entry }: { entry: CatalogEntry }) {
  const { t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const install = useInstallApp();
  return (
    <>
      <Button
        kind="primary"
        obstacle={obstacle}
        busy={action.busy}
        onPress={() => action.start(() => install(entry.source))}
      >
        {t("Install")}
      </Button>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </>
  );
}

function FolderForm() {
  const { host, goTo } = useFrame();
  const { t } = host;
  const obstacle = useObstacle();
  const action = useAction();
  const [source, setSource] = useRemembered("folder", "");
  const install = useInstallApp(
    useCallback(() => {
      setSource("");
      goTo("library");
    }, [setSource, goTo]),
  );
  const typed = source.trim();
  const submit = () => action.start(() => install(typed));

  return (
    <form
      className="pk-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === null && typed !== "" && !action.busy) submit();
      }}
    >
      <label className="pk-field">
        <span>{t("Install from a folder")}</span>
        <input
          type="text"
          value={source}
          placeholder={t("Path on this machine")}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setSource(event.target.value)}
        />
      </label>
      <Button
        submits
        obstacle={obstacle ?? (typed === "" ? t("Type the path of a folder first") : null)}
        busy={action.busy}
        onPress={() => undefined}
      >
        {t("Install")}
      </Button>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </form>
  );
}

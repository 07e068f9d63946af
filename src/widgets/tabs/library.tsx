import type { App } from "../../runtime/protocol/apps.js";
import { appSituation } from "../app-condition.js";
import { useFrame, useRemembered, useRuns, useSnapshot } from "../host.js";
import { AppButtons, AppFailure, AppStatus } from "../parts/app-controls.js";
import { AppPicture } from "../parts/app-picture.js";
import { Button, IconButton } from "../parts/button.js";
import { Empty } from "../parts/empty.js";
import { LauncherMenuList } from "../parts/launcher-menu-list.js";
import { LogView } from "../parts/log-view.js";
import { WaitingLine } from "../parts/waiting-line.js";
import { LoadingLine } from "../told/shown-by.js";
import type { Tab } from "./tab.js";

export const libraryTab: Tab = { id: "library", label: "My Library", icon: "library", View: Library };

function Library() {
  const { host, goTo } = useFrame();
  const { t } = host;
  const apps = useSnapshot()?.apps ?? [];
  if (apps.length === 0) {
    return (
      <Empty title={t("Nothing installed yet")}>
        <p className="pk-soft">{t("Apps you install stay here, with their scripts, settings and output.")}</p>
        <Button kind="primary" icon="discover" onPress={() => goTo("discover")}>
          {t("Discover apps")}
        </Button>
      </Empty>
    );
  }
  return (
    <ul className="pk-rows">
      {apps.map((app) => (
        <li key={app.id} className="pk-app">
          <AppRow app={app} />
        </li>
      ))}
    </ul>
  );
}

function AppRow({ app }: { app: App }) {
  const { host, showApp } = useFrame();
  const { t } = host;
  const runs = useRuns();
  const situation = appSituation(app, runs, t);
  const [open, setOpen] = useRemembered(`menu ${app.id}`, false);
  const [shown, setShown] = useRemembered(`library output ${app.id}`, false);
  const title = app.title || app.id;
  const { run } = situation;

  return (
    <article className="pk-app-grid" aria-label={title}>
      <AppPicture id={app.id} title={title} icon={app.icon} />
      <div className="pk-app-main">
        <h3 className="pk-app-title">
          <button
            type="button"
            className="pk-title-link"
            title={t("Show the page of {title}", { title })}
            onClick={() => showApp(app.id)}
          >
            {title}
          </button>
        </h3>
        {app.description === "" ? null : <p className="pk-app-summary">{app.description}</p>}
        <AppStatus situation={situation} />
        <WaitingLine app={app} />
        {run === null ? null : <LoadingLine run={run} />}
      </div>
      <div className="pk-actions pk-app-actions">
        <AppButtons app={app} situation={situation} />
        <IconButton
          icon="more"
          label={open ? t("Less about {title}", { title }) : t("More about {title}", { title })}
          expanded={open}
          onPress={() => setOpen(!open)}
        />
      </div>
      <div className="pk-app-more">
        <AppFailure app={app} situation={situation} place="library" />
        {open ? (
          <div className="pk-app-details">
            {app.menu.length === 0 ? (
              <p className="pk-soft">{t("This app has no menu")}</p>
            ) : (
              <LauncherMenuList app={app} items={app.menu} />
            )}
            {run === null ? null : (
              <Button kind="quiet" icon="output" expanded={shown} onPress={() => setShown(!shown)}>
                {shown ? t("Hide output") : t("Show output")}
              </Button>
            )}
            {shown && run !== null ? (
              <LogView runId={run.id} label={t("Output of {script}", { script: run.script })} />
            ) : null}
            <dl className="pk-facts">
              <dt>{t("From")}</dt>
              <dd className="pk-path">{app.source}</dd>
              <dt>{t("Folder")}</dt>
              <dd className="pk-path">{app.path}</dd>
            </dl>
          </div>
        ) : null}
      </div>
    </article>
  );
}

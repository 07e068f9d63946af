import { useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { useHost, useObstacle, useRemembered } from "../host.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { LauncherMenuList } from "../parts/launcher-menu-list.js";
import { LogView } from "../parts/log-view.js";
import { AppNotes } from "./app-notes.js";
import { AppPlace } from "./app-place.js";
import { useChange } from "./use-change.js";
import { usedFacts } from "./used-facts.js";

/** What else there is about an app: its menu, what was written about it, where it stands, and how it was used. */
export function AppMore({ app, run }: { app: App; run: Run | null }) {
  const { t } = useHost();
  const [shown, setShown] = useRemembered(`library output ${app.id}`, false);
  return (
    <div className="pk-app-details">
      {app.description === "" ? null : <p className="pk-soft">{app.description}</p>}
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
      <AppNotes app={app} />
      <AppPlace app={app} />
      <Changes app={app} />
      <Facts app={app} />
    </div>
  );
}

function Changes({ app }: { app: App }) {
  const { t } = useHost();
  const obstacle = useObstacle();
  const change = useChange();
  return (
    <div className="pk-actions">
      <Button obstacle={obstacle} onPress={() => change(app, "update")}>
        {t("Update…")}
      </Button>
      <Button obstacle={obstacle} onPress={() => change(app, "reset")}>
        {t("Reset…")}
      </Button>
      <Button obstacle={obstacle} onPress={() => change(app, "uninstall")}>
        {t("Uninstall…")}
      </Button>
    </div>
  );
}

function Facts({ app }: { app: App }) {
  const { t } = useHost();
  const [now] = useState(() => Date.now());
  const { disk, source, path } = app;
  const facts = usedFacts(app, now, t);
  if (disk !== undefined) {
    const { filesBytes, environmentsBytes } = disk;
    const parts = { files: sizeText(filesBytes), environments: sizeText(environmentsBytes) };
    facts.push([t("Disk"), t("{files} of files, {environments} of environments", parts)]);
  }
  facts.push([t("From"), source], [t("Folder"), path]);
  return (
    <dl className="pk-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="pk-path">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

import { useState } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { Run } from "../../runtime/protocol/runs.js";
import { useHost, useObstacle, useRemembered } from "../host.js";
import { sizeText } from "../measures.js";
import { Button } from "../parts/button.js";
import { LauncherMenuList } from "../parts/launcher-menu-list.js";
import { LogView } from "../parts/log-view.js";
import { agoText, spanText } from "./ago.js";
import { AppNotes } from "./app-notes.js";
import { AppPlace } from "./app-place.js";
import { useChange } from "./use-change.js";

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
  const { statistics, disk, source, path } = app;
  const facts: [string, string][] = [];
  if (statistics !== undefined && statistics.launches > 0) {
    const { launches, runningMs, lastUsedAt } = statistics;
    const parts = [timesText(launches, t), t("{time} in all", { time: spanText(runningMs, t) })];
    if (lastUsedAt !== null) parts.push(t("last {ago}", { ago: agoText(now - Date.parse(lastUsedAt), t) }));
    facts.push([t("Used"), parts.join(", ")]);
  }
  if (statistics?.peakGpuMemoryBytes != null) {
    facts.push([t("GPU memory"), t("at most {size}", { size: sizeText(statistics.peakGpuMemoryBytes) })]);
  }
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

const timesText = (count: number, t: ReturnType<typeof useHost>["t"]): string =>
  count === 1 ? t("once") : t("{count} times", { count });

import { useLayoutEffect, useRef } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { AppId, RunId } from "../../runtime/protocol/ids.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";
import { type AppSituation, appSituation, failureOf, runCondition, runsOf, scriptName } from "../app-condition.js";
import { endingText } from "../ending-text.js";
import { AppEnvironments } from "../environments/app-environments.js";
import { AppChanges, ChangesMenu, useSheet } from "../changes/app-changes.js";
import { AppConfig } from "../config/app-config.js";
import { AppFiles } from "../files/app-files.js";
import { pageRunKey, useHost, useRemembered, useRuns, useSidecarNow, useSnapshot } from "../host.js";
import { useLedTo } from "../led-to.js";
import { SendInput } from "../log/send-input.js";
import { clockText, durationText } from "../measures.js";
import { AppButtons, AppFailure, AppStatus } from "../parts/app-controls.js";
import { AppLimits } from "../parts/app-limits.js";
import { AppPicture } from "../parts/app-picture.js";
import { AppStudio } from "../parts/app-studio.js";
import { Button } from "../parts/button.js";
import { LauncherFindings } from "../parts/launcher-findings.js";
import { LauncherMenuList } from "../parts/launcher-menu-list.js";
import { LogView } from "../parts/log-view.js";
import { StateMark } from "../parts/state-mark.js";
import { StepList } from "../parts/step-list.js";
import { QuestionsOf } from "../questions/questions-of.js";
import { waitingFor } from "../questions/waiting.js";
import { LoadingLine, ShownBy } from "../told/shown-by.js";
import { AppUsage } from "../usage/app-usage.js";
import { AppAbout } from "./app-about.js";
import { GoneApp } from "./gone-app.js";

/** Whether steps or output of a run are shown, for the view's memory. */
export const RUN_PART_KEY = "page view";

interface AppPageProps {
  appId: AppId;
  /** Null where the page stands alone. */
  onBack: (() => void) | null;
}

/** One app: what it asks, its menu, its runs, and what one of them does. */
export function AppPage({ appId, onBack }: AppPageProps) {
  const { t, places } = useHost();
  const app = useSnapshot()?.apps.find(({ id }) => id === appId);
  const runs = useRuns();
  const heading = useRef<HTMLHeadingElement>(null);
  const lastTitle = useRef("");
  if (app !== undefined) lastTitle.current = app.title;
  const title = lastTitle.current || appId;
  const [sheet, setSheet] = useSheet(appId);
  // A sheet that is open takes the focus itself.
  const takesFocus = useRef(onBack !== null && sheet === null);
  useLayoutEffect(() => {
    if (takesFocus.current) heading.current?.focus({ preventScroll: true });
  }, []);
  const situation = app === undefined ? null : appSituation(app, runs, t);

  return (
    <article className="pk-view pk-page" aria-label={title}>
      {onBack === null ? null : (
        <div className="pk-page-ways">
          <Button kind="quiet" icon="back" onPress={onBack}>
            {t("Back")}
          </Button>
          {places === undefined ? null : (
            <Button kind="quiet" icon="open" onPress={() => places.openApp(appId)}>
              {t("Open in a tab")}
            </Button>
          )}
        </div>
      )}
      <header className="pk-app-grid">
        <AppPicture id={appId} title={title} icon={app?.icon ?? null} />
        <div className="pk-app-main">
          <h2 className="pk-page-title" ref={heading} tabIndex={-1} title={title}>
            <bdi>{title}</bdi>
          </h2>
          {situation === null ? null : <AppStatus situation={situation} />}
        </div>
        <div className="pk-actions pk-app-actions">
          {app === undefined || situation === null ? null : <AppButtons app={app} situation={situation} restarts />}
          {app === undefined ? null : <ChangesMenu app={app} onSheet={setSheet} />}
        </div>
      </header>
      {app === undefined ? null : <AppChanges app={app} sheet={sheet} onSheet={setSheet} />}
      {app === undefined ? null : <AppStudio app={app} />}
      {app === undefined || situation === null ? <GoneApp appId={appId} /> : <Known app={app} situation={situation} />}
    </article>
  );
}

function Known({ app, situation }: { app: App; situation: AppSituation }) {
  const { t } = useHost();
  const runs = useRuns();
  const own = runsOf(app, runs);
  const [chosen, setChosen] = useRemembered<RunId | null>(pageRunKey(app.id), null);
  const wanted = own.find(({ id }) => id === chosen) ?? null;
  const run = wanted ?? situation.run ?? own[0] ?? null;
  const failure = situation.failure ?? (wanted === null ? null : failureOf(wanted, t));

  return (
    <>
      <AppFailure app={app} situation={{ ...situation, failure }} place="page" />
      <LauncherFindings app={app} />
      <QuestionsOf runs={waitingFor(app.id, runs)} />
      {own.filter(isLive).map((live) => (
        <LoadingLine key={live.id} run={live} />
      ))}
      <ShownBy runs={own.filter(isLive)} />
      <div className="pk-page-parts">
        <section className="pk-page-menu" aria-label={t("Menu")}>
          <h3 className="pk-heading">{t("Menu")}</h3>
          {app.menu.length === 0 ? (
            <p className="pk-soft">{t("This app has no menu")}</p>
          ) : (
            <LauncherMenuList app={app} items={app.menu} />
          )}
        </section>
        <section className="pk-page-run" aria-label={t("Runs")}>
          <h3 className="pk-heading">{t("Runs")}</h3>
          {run === null ? (
            <p className="pk-soft">{t("Nothing of this app has run yet")}</p>
          ) : (
            <>
              <RunChoice runs={own} chosen={run} onChoose={setChosen} />
              <RunDetails key={run.id} run={run} />
            </>
          )}
        </section>
        <AppAbout app={app} />
        <AppUsage app={app} runs={own} />
        <AppFiles app={app} />
        <AppEnvironments app={app} />
        <AppLimits app={app} />
        <AppConfig app={app} />
      </div>
    </>
  );
}

const MOST_RUNS = 8;

function RunChoice({ runs, chosen, onChoose }: { runs: readonly Run[]; chosen: Run; onChoose(id: RunId): void }) {
  const shown = runs.slice(0, MOST_RUNS);
  return (
    <ul className="pk-run-choice">
      {(shown.includes(chosen) ? shown : [...shown, chosen]).map((run) => (
        <li key={run.id}>
          <RunLine run={run} isChosen={run.id === chosen.id} onChoose={() => onChoose(run.id)} />
        </li>
      ))}
    </ul>
  );
}

function RunLine({ run, isChosen, onChoose }: { run: Run; isChosen: boolean; onChoose(): void }) {
  const live = isLive(run);
  const now = useSidecarNow(live);
  const until = live ? now : Date.parse(run.end?.at ?? run.startedAt);
  return (
    <button type="button" className="pk-run-line" aria-pressed={isChosen} onClick={onChoose}>
      <span className="pk-run-script">
        {scriptName(run)} <span className="pk-soft pk-number">{clockText(run.startedAt)}</span>
      </span>
      <StateMark condition={runCondition(run)} elapsed={durationText(until - Date.parse(run.startedAt))} />
    </button>
  );
}

function RunDetails({ run }: { run: Run }) {
  const { t } = useHost();
  const [view, setView] = useRemembered<"steps" | "output">(RUN_PART_KEY, "steps");
  const shown = useRef<HTMLDivElement>(null);
  useLedTo("run", run.appId, shown);
  const ending = endingText(run, t);
  if (run.waitsFor !== undefined) return <p className="pk-soft">{t("It has not been started")}</p>;
  const choice = (name: typeof view, label: string) => (
    <button type="button" className="pk-choice" aria-pressed={view === name} onClick={() => setView(name)}>
      {label}
    </button>
  );
  return (
    <div className="pk-run-details" role="group" aria-label={scriptName(run)} tabIndex={-1} ref={shown}>
      <div className="pk-choices" role="group" aria-label={t("What to show")}>
        {choice("steps", t("Steps"))}
        {choice("output", t("Output"))}
      </div>
      {run.warnings.map((warning) => (
        <p key={warning} className="pk-warning-text">
          {warning}
        </p>
      ))}
      {ending === null ? null : <p className="pk-ending">{ending}</p>}
      {view === "steps" ? (
        <>
          <StepList run={run} />
          {isLive(run) && run.shells > 0 && run.step?.takesInput === true ? <SendInput run={run} /> : null}
        </>
      ) : (
        <LogView runId={run.id} label={t("Output of {script}", { script: run.script })} />
      )}
    </div>
  );
}

import { createContext, memo, useContext, useRef } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { RunId } from "../../runtime/protocol/ids.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";
import { alikeIn } from "../alike.js";
import { failureOf, runCondition, scriptName } from "../app-condition.js";
import { endingText } from "../ending-text.js";
import {
  outputKey,
  useAction,
  useFrame,
  useSidecarNow,
  useObstacle,
  useRemembered,
  useRuns,
  useSnapshot,
} from "../host.js";
import { durationText } from "../measures.js";
import { StepProgress, stepText } from "../parts/app-controls.js";
import { AppPicture } from "../parts/app-picture.js";
import { Button, IconButton } from "../parts/button.js";
import { Empty } from "../parts/empty.js";
import { ErrorCard } from "../parts/error-card.js";
import { FailureCard } from "../parts/failure-card.js";
import { LogView } from "../parts/log-view.js";
import { RunLinks } from "../parts/run-links.js";
import { RunProgress } from "../parts/run-progress.js";
import { StateMark } from "../parts/state-mark.js";
import { WaitsFor } from "../parts/waits-for.js";
import { QuestionsOf } from "../questions/questions-of.js";
import { asks } from "../questions/waiting.js";
import { LoadingLine, ShownBy } from "../told/shown-by.js";
import { MachineFigures, RunFigures } from "../usage/figures.js";
import type { RecentUsage } from "../usage/recent-usage.js";
import { useUsage } from "../usage/use-usage.js";
import type { Tab } from "./tab.js";

export const runningTab: Tab = { id: "running", label: "Running", icon: "running", View: Running };

function Running() {
  const { host, goTo } = useFrame();
  const { t } = host;
  const runs = useRuns();
  const apps = useSnapshot()?.apps ?? [];
  const alike = alikeIn(apps);
  const view = useRef<HTMLDivElement>(null);
  const recent = useUsage(view);
  const live = runs.filter(isLive);
  const ended = runs.filter((run) => !isLive(run)).sort((a, b) => endTime(b) - endTime(a));
  const row = (run: Run) => (
    <li key={run.id} className="pk-app">
      <RunRow
        run={run}
        app={apps.find(({ id }) => id === run.appId) ?? null}
        isAlike={run.appId !== null && alike.has(run.appId)}
      />
    </li>
  );

  return (
    <Recent.Provider value={recent}>
      <div ref={view} className="pk-running">
        <MachineFigures recent={recent} />
        {live.length === 0 ? (
          <Empty title={t("Nothing is running")}>
            <Button icon="library" onPress={() => goTo("library")}>
              {t("My Library")}
            </Button>
          </Empty>
        ) : null}
        {/* One list: a run that ends moves in it with all that is open below it. */}
        {runs.length === 0 ? null : (
          <ul className="pk-rows">
            {[
              ...live.map(row),
              ...(ended.length === 0
                ? []
                : [
                    <li key="ended" className="pk-rows-heading">
                      <h2 className="pk-heading">{t("Ended")}</h2>
                    </li>,
                  ]),
              ...ended.map(row),
            ]}
          </ul>
        )}
      </div>
    </Recent.Provider>
  );
}

const endTime = (run: Run): number => Date.parse(run.end?.at ?? run.startedAt);

interface RunRowProps {
  run: Run;
  app: App | null;
  /** Another app has the same title. */
  isAlike: boolean;
}

/** Drawn anew when its run or its app changes, not when another one does. */
const RunRow = memo(function RunRow({ run, app, isAlike }: RunRowProps) {
  const { host, showApp } = useFrame();
  const { client, t } = host;
  const obstacle = useObstacle();
  const action = useAction();
  const live = isLive(run);
  const hasBegun = run.waitsFor === undefined;
  const { appId } = run;
  const [shown, setShown] = useRemembered(outputKey(run.id), false);
  const [dismissed, setDismissed] = useRemembered(`dismissed ${run.id}`, false);
  const title = app?.title || run.appId || run.script;
  const script = isAlike ? `${run.appId}/${scriptName(run)}` : scriptName(run);
  const failure = failureOf(run, t);
  const ending = endingText(run, t);

  return (
    <article className="pk-app-grid" aria-label={`${title} ${script}`}>
      <AppPicture id={run.appId ?? run.script} title={title} icon={app?.icon ?? null} />
      <div className="pk-app-main">
        <h3 className="pk-app-title">
          {appId === null || app === null ? (
            <bdi>{title}</bdi>
          ) : (
            <button
              type="button"
              className="pk-title-link"
              title={t("Show the page of {title}", { title })}
              onClick={() => showApp(appId, run.id)}
            >
              <bdi>{title}</bdi>
            </button>
          )}{" "}
          <span className="pk-soft pk-app-script">{script}</span>
        </h3>
        <StateMark
          condition={runCondition(run)}
          elapsed={<Elapsed run={run} />}
          {...(live && run.step !== null && run.state === "running" ? { progress: stepText(run.step) } : {})}
        />
        <WaitsFor run={run} />
        {run.state === "running" ? <StepProgress run={run} /> : null}
        <RunProgress run={run} />
        <LoadingLine run={run} />
        {ending === null ? null : <p className="pk-ending">{ending}</p>}
        {live ? <RunLinks run={run} /> : null}
        {live && hasBegun ? <FiguresOf runId={run.id} /> : null}
      </div>
      <div className="pk-actions pk-app-actions">
        {live && run.state !== "stopping" ? (
          <Button
            icon="stop"
            obstacle={obstacle}
            busy={action.busy}
            onPress={() => action.start(() => client.request("runs.stop", { runId: run.id }))}
          >
            {t("Stop")}
          </Button>
        ) : null}
        {live && run.state !== "stopping" && hasBegun ? (
          <IconButton
            icon="refresh"
            label={t("Restart")}
            obstacle={obstacle}
            busy={action.busy}
            onPress={() => action.start(() => client.request("runs.restart", { runId: run.id }))}
          />
        ) : null}
        {hasBegun ? (
          <Button kind="quiet" icon="output" expanded={shown} onPress={() => setShown(!shown)}>
            {t("Output")}
          </Button>
        ) : null}
      </div>
      <div className="pk-app-more">
        {run.warnings.map((warning) => (
          <p key={warning} className="pk-warning-text">
            {warning}
          </p>
        ))}
        {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
        {failure === null || dismissed ? null : (
          <FailureCard run={run} error={failure.error} onDismiss={() => setDismissed(true)} />
        )}
        <QuestionsOf runs={asks(run) ? [run] : []} />
        {appId === null && live ? <ShownBy runs={[run]} /> : null}
        {shown && hasBegun ? <LogView runId={run.id} label={t("Output of {script}", { script: run.script })} /> : null}
      </div>
    </article>
  );
});

function Elapsed({ run }: { run: Run }) {
  const live = isLive(run);
  const now = useSidecarNow(live);
  return durationText((live ? now : endTime(run)) - Date.parse(run.startedAt));
}

const Recent = createContext<RecentUsage | null>(null);

const FiguresOf = memo(function FiguresOf({ runId }: { runId: RunId }) {
  return <RunFigures recent={useContext(Recent)} runId={runId} />;
});

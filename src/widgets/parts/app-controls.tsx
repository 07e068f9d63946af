import { type AppSituation, webPageWith } from "../app-condition.js";
import type { App } from "../../runtime/protocol/apps.js";
import type { Run } from "../../runtime/protocol/runs.js";
import {
  pageRunKey,
  remember,
  useAction,
  useFrame,
  useHost,
  useSidecarNow,
  useObstacle,
  useRemembered,
} from "../host.js";
import { startOf } from "../launcher-menu.js";
import { durationText } from "../measures.js";
import { noteStart } from "../told/recent-start.js";
import { Button, IconButton } from "./button.js";
import { ErrorCard } from "./error-card.js";
import { FailureCard } from "./failure-card.js";
import { FailureLine } from "./failure-line.js";
import { RunProgress } from "./run-progress.js";
import { StateMark } from "./state-mark.js";
import { useAgreement, useStartScript } from "./start-script.js";
import { WaitsFor } from "./waits-for.js";

/** State of an app: a dot and a word, and how far it is while something is under way. */
export function AppStatus({ situation }: { situation: AppSituation }) {
  const { condition, run, installing } = situation;
  const now = useSidecarNow(run !== null);
  if (run === null) return <StateMark condition={condition} />;
  return (
    <>
      <StateMark
        condition={condition}
        elapsed={durationText(now - Date.parse(run.startedAt))}
        {...(installing && run.step !== null ? { progress: stepText(run.step) } : {})}
      />
      <WaitsFor run={run} />
      {installing ? <StepProgress run={run} /> : null}
      <RunProgress run={run} />
    </>
  );
}

/** How far a script is, as a bar: nothing before its first step, of a single step, and beside a bar that says more. */
export function StepProgress({ run }: { run: Run }) {
  const { t } = useHost();
  if (run.step === null || run.step.total === 1 || run.progress !== undefined) return null;
  const { index, total, method } = run.step;
  const done = Math.min(index, total);
  return (
    <span className="pk-progress">
      <span
        className="pk-bar"
        role="progressbar"
        aria-label={t("Progress")}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        aria-valuetext={t("Step {step} of {total}: {method}", { step: Math.min(index + 1, total), total, method })}
      >
        <span className="pk-bar-done" style={{ inlineSize: `${(100 * done) / Math.max(total, 1)}%` }} />
      </span>
      <span className="pk-soft pk-method">{method}</span>
    </span>
  );
}

export const stepText = ({ index, total }: NonNullable<Run["step"]>): string =>
  `${Math.min(index + 1, total)}/${total}`;

interface AppButtonsProps {
  app: App;
  situation: AppSituation;
  /** There is room for a button that restarts it. */
  restarts?: boolean;
}

/** The one thing to do next with an app, and stopping it. */
export function AppButtons({ app, situation, restarts = false }: AppButtonsProps) {
  const { host, memory, openPage } = useFrame();
  const { client, t } = host;
  const obstacle = useObstacle();
  const action = useAction();
  const startScript = useStartScript(app);
  const afterAgreement = useAgreement(app);
  const { run, installing, failure } = situation;
  const url = webPageWith(app, run);
  const start = startOf(app);
  const resuming = { heading: t("Resume installing {title}", { title: app.title }), verb: t("Agree and resume") };

  const stop = (live: Run) => action.start(() => client.request("runs.stop", { runId: live.id }));
  const buttons = [];
  if (url !== null) {
    buttons.push(
      <Button key="open" kind="primary" icon="open" onPress={() => openPage(url)}>
        {t("Open")}
      </Button>,
    );
  }
  if (run !== null && run.state !== "stopping") {
    buttons.push(
      <Button key="stop" icon="stop" obstacle={obstacle} busy={action.busy} onPress={() => stop(run)}>
        {installing ? t("Cancel") : t("Stop")}
      </Button>,
    );
  }
  if (restarts && run !== null && run.state !== "stopping" && run.state !== "queued" && !installing) {
    const ask = async () => {
      noteStart(client, app.id);
      const next = await client.request("runs.restart", { runId: run.id });
      remember(memory, pageRunKey(app.id), next.run.id);
    };
    const restart = () => action.start(() => afterAgreement(ask));
    buttons.push(
      <IconButton
        key="restart"
        icon="refresh"
        label={t("Restart")}
        obstacle={obstacle}
        busy={action.busy}
        onPress={restart}
      />,
    );
  }
  if (run === null && app.state === "installed" && start !== null) {
    buttons.push(
      <Button
        key="start"
        kind="primary"
        icon="start"
        obstacle={obstacle}
        busy={action.busy}
        onPress={() => action.start(() => startScript(start.script, start.input))}
      >
        {t("Start")}
      </Button>,
    );
  }
  const isToInstall = run === null && (app.state === "choose" || app.state === "install-failed");
  if (isToInstall && (app.installers.length > 1 || app.state === "choose")) {
    for (const { text, script, params } of app.installers) {
      buttons.push(
        <Button
          key={`${script} ${text}`}
          obstacle={obstacle}
          busy={action.busy}
          onPress={() => action.start(() => startScript(`${app.id}/${script}`, inputOf(params)))}
        >
          {text}
        </Button>,
      );
    }
  } else if (app.state === "install-failed" && failure?.run != null) {
    const { script } = failure.run;
    const installer = app.installers.find((known) => `${app.id}/${known.script}` === script);
    buttons.push(
      <Button
        key="again"
        kind="primary"
        obstacle={obstacle}
        busy={action.busy}
        onPress={() => action.start(() => startScript(script, inputOf(installer?.params ?? {})))}
      >
        {t("Install again")}
      </Button>,
    );
  } else if (isToInstall) {
    buttons.push(
      <Button
        key="resume"
        kind="primary"
        obstacle={obstacle}
        busy={action.busy}
        onPress={() =>
          action.start(() => afterAgreement(() => client.request("apps.resume", { appId: app.id }), resuming))
        }
      >
        {t("Resume install")}
      </Button>,
    );
  }
  return (
    <>
      {buttons}
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </>
  );
}

const inputOf = (params: Record<string, string>): Record<string, string> | null =>
  Object.keys(params).length === 0 ? null : params;

/** What went wrong last, and what can be done about it. */
export function AppFailure({ app, situation, place }: { app: App; situation: AppSituation; place: string }) {
  const { showRun } = useFrame();
  const { failure } = situation;
  const [dismissed, setDismissed] = useRemembered<string | null>(`dismissed ${place} ${app.id}`, null);
  if (app.problem !== null) return <ErrorCard error={app.problem} />;
  if (failure === null || (failure.run !== null && failure.run.id === dismissed)) return null;
  const { error, run } = failure;
  if (run === null) return <ErrorCard error={error} />;
  const onDismiss = () => setDismissed(run.id);
  if (place === "library") return <FailureLine run={run} error={error} onDismiss={onDismiss} />;
  const onDetails = place === "page" ? undefined : () => showRun(run);
  return (
    <FailureCard run={run} error={error} onDismiss={onDismiss} {...(onDetails === undefined ? {} : { onDetails })} />
  );
}

import { useState } from "react";
import type { WireError } from "../../runtime/protocol/errors.js";
import { outermost, type Run } from "../../runtime/protocol/runs.js";
import { scriptName } from "../app-condition.js";
import { pageRunKey, remember, useAction, useFrame, useObstacle, useRuns } from "../host.js";
import { AgainLine } from "./again-line.js";
import { Button, IconButton } from "./button.js";
import { ErrorCard } from "./error-card.js";
import { Icon } from "./icon.js";
import { LogView } from "./log-view.js";
import { RepairingLine } from "./repairing-line.js";
import { RepairSheet } from "./repair-sheet.js";
import { useFailure } from "./use-failure.js";

interface FailureCardProps {
  run: Run;
  /** What is said where the first cause is not known. */
  error: WireError;
  /** Where the card does not stand beside the run's output: leads there. */
  onDetails?(): void;
  onDismiss?(): void;
}

/** Why a run failed, where the work was: the sentence, the line that shows it, what to do, and doing it. */
export function FailureCard({ run, error, onDetails, onDismiss }: FailureCardProps) {
  const { host, memory } = useFrame();
  const { client, t } = host;
  const failure = useFailure(run);
  const offline = useObstacle();
  const obstacle = offline ?? (run.repairing === undefined ? null : t("A repair is under way"));
  const retry = useAction();
  const [chosen, setChosen] = useState<number | null>(null);
  const [place, setPlace] = useState<number | null>(null);
  const repairs = failure?.repairs ?? [];
  const repair = chosen === null ? undefined : repairs[chosen];
  const line = failure?.line ?? null;
  const hint = failure?.hint ?? error.hint;
  const part = failure?.part;
  const runs = useRuns();
  const first = outermost(run, (id) => runs.find((one) => one.id === id) ?? null);
  const step = first.failedStep === undefined ? null : first.failedStep.index + 1;
  const isUndone = first.takenBack === true;
  const again = (from: { from?: "failed-step" } = {}) =>
    retry.start(async () => {
      const next = await client.request("runs.again", { runId: run.id, ...from });
      if (run.appId !== null) remember(memory, pageRunKey(run.appId), next.run.id);
    });

  return (
    <div className="pk-card pk-card-bad" role="group" aria-label={t("Error")}>
      <Icon name="error" />
      <div className="pk-card-text">
        <p>{failure?.sentence ?? error.message}</p>
        {part === undefined ? null : (
          <p className="pk-soft">
            {t("It happened in {script}, which it had started", { script: scriptName({ ...run, ...part }) })}
          </p>
        )}
        {line === null ? null : (
          <button
            type="button"
            className="pk-failure-line"
            title={t("Show its place in the output")}
            aria-expanded={place !== null}
            onClick={() => setPlace(place === null ? line.offset : null)}
          >
            <span>{line.text}</span>
          </button>
        )}
        {place === null ? null : (
          <LogView
            key={place}
            runId={part?.runId ?? run.id}
            label={t("Output of {script}", { script: part?.script ?? run.script })}
            from={place}
            atTop
          />
        )}
        {isUndone ? <p className="pk-soft">{t("Update failed, all is as before")}</p> : null}
        {hint === undefined ? null : <p className="pk-soft">{hint}</p>}
        <AgainLine run={run} />
        <RepairingLine run={run} />
        {repair === undefined || chosen === null ? (
          <div className="pk-failure-actions">
            {repairs.map((offered, at) =>
              offered.kind === "retry-step" ? null : (
                <Button key={at} obstacle={obstacle} onPress={() => setChosen(at)}>
                  {offered.label}
                </Button>
              ),
            )}
            {step === null || isUndone ? null : (
              <Button
                icon="start"
                title={t("{script} goes on at step {step}; what was done before it is not done again", {
                  script: scriptName(first),
                  step,
                })}
                obstacle={obstacle}
                busy={retry.busy}
                onPress={() => again({ from: "failed-step" })}
              >
                {t("Retry from step {step}", { step })}
              </Button>
            )}
            {isUndone ? null : (
              <Button
                icon={step === null ? "start" : "refresh"}
                title={t("Start {script} again from its beginning", { script: scriptName(first) })}
                obstacle={obstacle}
                busy={retry.busy}
                onPress={() => again()}
              >
                {step === null ? t("Retry") : t("Start again")}
              </Button>
            )}
            {onDetails === undefined ? null : (
              <Button kind="quiet" onPress={onDetails}>
                {t("Details")}
              </Button>
            )}
          </div>
        ) : (
          <RepairSheet run={run} repair={repair} at={chosen} onClose={() => setChosen(null)} />
        )}
        {retry.error === null ? null : <ErrorCard error={retry.error} onDismiss={retry.dismiss} />}
      </div>
      {onDismiss === undefined ? null : <IconButton icon="close" label={t("Dismiss")} onPress={onDismiss} />}
    </div>
  );
}

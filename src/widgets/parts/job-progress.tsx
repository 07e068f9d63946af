import { isBytes, isUnderWay, type Job, phaseText } from "../../runtime/protocol/jobs.js";
import { leftText } from "../../runtime/protocol/progress.js";
import { useAction, useHost, useObstacle, useSidecarNow } from "../host.js";
import { durationText, sizeText } from "../measures.js";
import type { Translate } from "../view.js";
import { Button } from "./button.js";
import { ErrorCard } from "./error-card.js";

/** A long piece of work as a bar: what it is at, since when, and the way to end it. One that failed says why. */
export function JobProgress({ job }: { job: Job }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const now = useSidecarNow(isUnderWay(job));
  if (!isUnderWay(job)) return job.error === null ? null : <ErrorCard error={job.error} />;
  const share = shareOf(job);
  const amount = amountText(job, t);
  return (
    <div className="pk-job">
      <div className="pk-task">
        <span className="pk-task-label" role="status">
          {t(phaseText(job.phase))}
        </span>
        <span
          className={share === null ? "pk-bar pk-bar-endless" : "pk-bar"}
          role="progressbar"
          aria-label={job.title}
          aria-valuetext={amount}
          {...(share === null
            ? {}
            : { "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.floor(100 * share) })}
        >
          <span className="pk-bar-done" {...(share === null ? {} : { style: { inlineSize: `${100 * share}%` } })} />
        </span>
        <span className="pk-soft pk-number">
          {[amount, timeText(job, now, t)].filter((text) => text !== "").join(" · ")}
        </span>
        {job.canCancel ? (
          <Button
            kind="quiet"
            obstacle={obstacle}
            busy={action.busy}
            onPress={() => action.start(() => client.request("jobs.cancel", { jobId: job.id }))}
          >
            {t("Cancel")}
          </Button>
        ) : null}
      </div>
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </div>
  );
}

/** Steps count those that are done; the one at work is not. */
function shareOf({ progress, step }: Job): number | null {
  if (progress !== null && progress.total !== null && progress.total > 0) {
    return Math.min(1, progress.done / progress.total);
  }
  return step === null || step.of === 0 ? null : (step.at - 1) / step.of;
}

function amountText({ progress, step }: Job, t: Translate): string {
  if (step !== null) return t("step {at} of {of}", { at: step.at, of: step.of });
  if (progress === null) return "";
  const { done, total, unit } = progress;
  const [some, all] = isBytes(progress) ? [sizeText(done), sizeText(total ?? 0)] : [String(done), String(total)];
  const of = total === null ? some : t("{done} of {total}", { done: some, total: all });
  return isBytes(progress) ? of : `${of} ${t(unit)}`;
}

function timeText({ state, startedAt, expectedMs }: Job, now: number, t: Translate): string {
  if (state === "waiting") return "";
  const elapsedMs = Math.max(0, now - Date.parse(startedAt));
  const elapsed = durationText(elapsedMs);
  if (expectedMs === null || expectedMs <= elapsedMs) return elapsed;
  return t("{elapsed}, usually {expected}", { elapsed, expected: leftText(expectedMs / 1_000) });
}

import { leftText, type Progress } from "../../runtime/protocol/progress.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";
import { useHost } from "../host.js";
import type { Translate } from "../view.js";

/** The progress bar that the run's program draws, as one of ours. */
export function RunProgress({ run }: { run: Run }) {
  const { t } = useHost();
  const { progress } = run;
  if (progress === undefined || !isLive(run)) return null;
  const { label, percent, rate } = progress;
  const amounts = amountsText(progress, t);
  return (
    <span className="pk-task" title={[label, amounts, rate].filter(Boolean).join(" · ")}>
      {label === "" ? null : <span className="pk-task-label">{label}</span>}
      <span
        className={percent === null ? "pk-bar pk-bar-endless" : "pk-bar"}
        role="progressbar"
        aria-label={label === "" ? t("Progress") : label}
        aria-valuetext={amounts}
        {...(percent === null ? {} : { "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": percent })}
      >
        <span className="pk-bar-done" {...(percent === null ? {} : { style: { inlineSize: `${percent}%` } })} />
      </span>
      {amounts === "" ? null : <span className="pk-soft pk-number">{amounts}</span>}
    </span>
  );
}

/** Such as "43 % · 2.1 of 4.9 GB · 1 min left". */
function amountsText({ percent, done, total, secondsLeft }: Progress, t: Translate): string {
  const amount = done === null ? null : total === null ? done : t("{done} of {total}", { done, total });
  const parts = [
    percent === null ? null : `${Math.floor(percent)} %`,
    amount,
    secondsLeft === null ? null : t("{time} left", { time: leftText(secondsLeft) }),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

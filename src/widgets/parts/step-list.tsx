import { useState } from "react";
import { leftText } from "../../runtime/protocol/progress.js";
import { isLive, type Run } from "../../runtime/protocol/runs.js";
import type { RunStep } from "../../runtime/protocol/steps.js";
import { useHost, useSidecarNow } from "../host.js";
import { durationText } from "../measures.js";
import { Button, IconButton } from "./button.js";
import { Icon, type IconName } from "./icon.js";
import { LogView } from "./log-view.js";
import { RunProgress } from "./run-progress.js";
import { useSteps } from "./use-steps.js";

const SHOWN_AT_FIRST = 30;
/** Of less nobody needs to be told. */
const LEAST_USUAL_MS = 10_000;

/** What a script does and did, step by step, the newest at the end. */
export function StepList({ run }: { run: Run }) {
  const { t } = useHost();
  const known = useSteps(run);
  const [all, setAll] = useState(false);
  if (known === "asking") return <p className="pk-soft">{t("Reading the steps")}</p>;
  if (known === "unknown") return <p className="pk-soft">{t("The steps of this run are not known any more")}</p>;

  const { steps, count, total, usualRestMs } = known;
  const shown = all ? steps : steps.slice(-SHOWN_AT_FIRST);
  const hidden = steps.length - shown.length;
  const forgotten = count - steps.length;
  const last = steps.at(-1);
  const ahead = !isLive(run) || last === undefined ? 0 : total - last.index - 1;
  return (
    <div className="pk-steps">
      {hidden > 0 ? (
        <Button kind="quiet" icon="up" onPress={() => setAll(true)}>
          {t("Show {count} steps before these", { count: hidden })}
        </Button>
      ) : forgotten > 0 ? (
        <p className="pk-soft">{t("{count} steps before these are not kept", { count: forgotten })}</p>
      ) : null}
      {shown.length === 0 ? <p className="pk-soft">{t("No step yet")}</p> : null}
      <ol>
        {shown.map((step) => (
          <li key={step.place} className={`pk-step pk-step-${step.state}`}>
            <StepRow run={run} step={step} />
          </li>
        ))}
      </ol>
      {ahead > 0 ? (
        <p className="pk-soft pk-step-ahead">
          {ahead === 1 ? t("1 more step") : t("{count} more steps", { count: ahead })}
          {usualRestMs === undefined || usualRestMs < LEAST_USUAL_MS ? "" : `, ${usualText(usualRestMs, t)}`}
        </p>
      ) : null}
    </div>
  );
}

const ICONS: Record<RunStep["state"], IconName> = {
  running: "start",
  done: "check",
  failed: "error",
  skipped: "skip",
  stopped: "stop",
};

const WORDS: Record<RunStep["state"], string> = {
  running: "Running",
  done: "Done",
  failed: "Failed",
  skipped: "Skipped",
  stopped: "Stopped",
};

function StepRow({ run, step }: { run: Run; step: RunStep }) {
  const { t } = useHost();
  const now = useSidecarNow(step.state === "running");
  const [open, setOpen] = useState(false);
  const { method, what, state, why, output, usualMs } = step;
  const elapsed = (step.endedAt === null ? now : Date.parse(step.endedAt)) - Date.parse(step.startedAt);
  const hasOutput = state !== "skipped" && (output.to === null || output.to > output.from);
  const number = step.index + 1;
  return (
    <>
      <Icon name={ICONS[state]} />
      <p className="pk-step-name">
        <span className="pk-hidden">{t("Step {number}, {state}:", { number, state: t(WORDS[state]) })} </span>
        <span className="pk-soft pk-number" aria-hidden="true">
          {number}
        </span>{" "}
        <span className="pk-step-method">{method}</span>
      </p>
      <span className="pk-soft pk-number pk-step-time">{state === "skipped" ? "" : durationText(elapsed)}</span>
      {hasOutput ? (
        <IconButton
          icon="output"
          label={t("Output of step {number}", { number })}
          expanded={open}
          onPress={() => setOpen(!open)}
        />
      ) : (
        <span />
      )}
      <div className="pk-step-more">
        {what === "" ? null : (
          <p className="pk-soft pk-step-what" title={what}>
            {what}
          </p>
        )}
        {state === "running" && usualMs !== undefined && usualMs >= LEAST_USUAL_MS ? (
          <p className="pk-soft pk-step-usual">{usualText(usualMs, t)}</p>
        ) : null}
        {state === "running" ? <RunProgress run={run} /> : null}
        {state === "skipped" ? <p className="pk-soft pk-step-skip">{skippedText(why, t)}</p> : null}
        {state === "failed" && why !== null ? <p className="pk-step-why">{why}</p> : null}
        {open ? (
          <LogView runId={run.id} label={t("Output of step {number}", { number })} from={output.from} to={output.to} />
        ) : null}
      </div>
    </>
  );
}

const usualText = (ms: number, t: ReturnType<typeof useHost>["t"]): string =>
  t("usually about {time}", { time: leftText(ms / 1_000) });

function skippedText(why: string | null, t: ReturnType<typeof useHost>["t"]): string {
  if (why === null || why === "") return t("Skipped");
  const condition = why.replace(/^\{\{\s*|\s*\}\}$/g, "");
  // Written as a value, or worked out before it was told: nobody can look anything up in it.
  if (/^(false|null|undefined|0|""|'')$/.test(condition)) return t("Skipped: its condition is false");
  return t("Skipped: {condition} is not true", { condition });
}

import { useState } from "react";
import { type AppSettingsNow, memoryText } from "../../runtime/protocol/app-settings.js";
import type { App } from "../../runtime/protocol/apps.js";
import { isLive } from "../../runtime/protocol/runs.js";
import { runsOf } from "../app-condition.js";
import { useAnswer, useHost, useObstacle, useRuns } from "../host.js";
import { sizeText } from "../measures.js";
import type { Translate } from "../view.js";
import { Button } from "./button.js";
import { ErrorCard } from "./error-card.js";
import { LimitsForm } from "./limits-form.js";

/** What a person has decided for an app: what it may use, and what is done when it stops or fails. */
export function AppLimits({ app }: { app: App }) {
  const { t } = useHost();
  const obstacle = useObstacle();
  const live = runsOf(app, useRuns()).filter(isLive);
  // How limits are enforced is another question with each run.
  const occasion = JSON.stringify([app.settings, live.map(({ id }) => id)]);
  const { value: now, error, refresh } = useAnswer("apps.settings", { app: app.id }, occasion);
  const [open, setOpen] = useState(false);

  return (
    <section className="pk-page-limits" aria-label={t("Limits")}>
      <h3 className="pk-heading">{t("Limits")}</h3>
      {error === null ? null : <ErrorCard error={error} />}
      {now === null ? null : open ? (
        <LimitsForm
          app={app.id}
          now={now}
          onClose={() => {
            setOpen(false);
            refresh();
          }}
        />
      ) : (
        <>
          <p className="pk-limits-now">{summary(now, t)}</p>
          {notes(now, t).map((note) => (
            <p key={note} className="pk-soft">
              {note}
            </p>
          ))}
          <Button kind="quiet" icon="right" expanded={false} obstacle={obstacle} onPress={() => setOpen(true)}>
            {t("Change")}
          </Button>
        </>
      )}
    </section>
  );
}

function summary({ settings, holds, diskUsedBytes }: AppSettingsNow, t: Translate): string {
  const { memoryBytes, diskBytes, cpu, nice, stopGraceSeconds, restartMost } = holds;
  const parts = [
    ...(memoryBytes === null ? [] : [t("{size} of memory", { size: memoryText(memoryBytes) })]),
    ...(diskBytes === null ? [] : [diskText(diskBytes, diskUsedBytes, t)]),
    ...(cpu === null ? [] : [cpu === 1 ? t("1 core") : t("{count} cores", { count: cpu })]),
    ...(nice === 0 ? [] : [t("yields to others ({nice} of 19)", { nice })]),
    ...(settings.stopGraceSeconds === undefined ? [] : [t("{seconds} s to stop", { seconds: stopGraceSeconds })]),
    ...(restartMost === null ? [] : [t("starts again after a failure")]),
  ];
  return parts.length === 0 ? t("None: it may use what there is") : parts.join(" · ");
}

const diskText = (most: number, used: number | null, t: Translate): string =>
  used === null
    ? t("{size} of the disk", { size: sizeText(most) })
    : t("{used} of {size} of the disk", { used: sizeText(used), size: sizeText(most) });

/** Who sees to it, and what comes later. */
function notes({ holds, diskUsedBytes, enforced, runs }: AppSettingsNow, t: Translate): string[] {
  const limited = [
    ...(holds.memoryBytes === null ? [] : ["memory" as const]),
    ...(holds.cpu === null ? [] : ["cpu" as const]),
  ];
  const later = new Set(runs.flatMap(({ atNextStart }) => atNextStart));
  const bySystem = limited.filter((one) => enforced[one] === "cgroup" && !later.has(one));
  const isWatched = (one: "memory" | "cpu"): boolean => limited.includes(one) && enforced[one] === "watched";
  const isFull = holds.diskBytes !== null && diskUsedBytes !== null && diskUsedBytes >= holds.diskBytes;
  return [
    ...(isFull
      ? [t("Its room on the disk is used up: nothing more is installed or downloaded; what runs goes on.")]
      : []),
    ...(bySystem.length === 0 ? [] : [t("The system lets its programs use no more.")]),
    ...(isWatched("memory") ? [t("Looked at every 3 s: beyond its memory it is stopped.")] : []),
    ...(isWatched("cpu") ? [t("Looked at every 3 s: beyond its cores it yields to all others.")] : []),
    ...(limited.some((one) => later.has(one))
      ? [t("Until it is started again it is looked at every 3 s; from then on the system lets it use no more.")]
      : []),
    ...(later.has("nice") ? [t("How much it yields changes when it is started again.")] : []),
  ];
}

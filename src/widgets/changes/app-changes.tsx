import { useLayoutEffect, useRef } from "react";
import type { App } from "../../runtime/protocol/apps.js";
import type { AppId } from "../../runtime/protocol/ids.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import { byEscape } from "../by-escape.js";
import { useHost, useObstacle, useRemembered, useSnapshot } from "../host.js";
import { JobProgress } from "../parts/job-progress.js";
import { MenuButton } from "../parts/popup-menu.js";
import { RemovalSheet } from "./removal-sheet.js";
import { UpdateSheet } from "./update-sheet.js";

type Sheet = "update" | "reset" | "uninstall";

const KINDS: ReadonlySet<string> = new Set(["install", "update", "reset", "uninstall", "restore"]);
/** What a failed one of these means is told by its run. */
const TOLD_BY_RUN: ReadonlySet<string> = new Set(["install"]);

/** Which sheet of an app's page is open. */
export const sheetKey = (app: AppId): string => `change ${app}`;

interface AppChangesProps {
  app: App;
  sheet: Sheet | null;
  onSheet(sheet: Sheet | null): void;
}

export const useSheet = (app: AppId): [Sheet | null, (sheet: Sheet | null) => void] =>
  useRemembered<Sheet | null>(sheetKey(app), null);

/** The menu of what changes an app itself. */
export function ChangesMenu({ app, onSheet }: Omit<AppChangesProps, "sheet">) {
  const { t } = useHost();
  const obstacle = useObstacle();
  const jobs = useSnapshot()?.jobs ?? [];
  const busy = jobs.find((job) => job.appId === app.id && isUnderWay(job));
  const why = obstacle ?? (busy === undefined ? null : t("Wait: {title}", { title: busy.title }));
  const entry = (label: string, sheet: Sheet) => ({ label, obstacle: why, act: () => onSheet(sheet) });
  return (
    <MenuButton
      label={t("Update, reset or uninstall {title}", { title: app.title || app.id })}
      entries={[
        entry(t("Update…"), "update"),
        { ...entry(t("Reset…"), "reset"), begins: true },
        entry(t("Uninstall…"), "uninstall"),
      ]}
    />
  );
}

/** What is to be changed, or is being changed. */
export function AppChanges({ app, sheet, onSheet }: AppChangesProps) {
  const jobs = useSnapshot()?.jobs ?? [];
  const own = jobs.filter(
    (job) => job.appId === app.id && KINDS.has(job.kind) && (isUnderWay(job) || !TOLD_BY_RUN.has(job.kind)),
  );
  const latest = own.at(-1);
  const shown = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // The last one leaves everything as it is.
    if (sheet !== null) [...(shown.current?.querySelectorAll("button") ?? [])].at(-1)?.focus({ preventScroll: true });
  }, [sheet]);
  return (
    <div ref={shown} className="pk-changes" {...byEscape(sheet === null ? null : () => onSheet(null))}>
      {sheet === null ? (
        latest === undefined || latest.state === "done" ? null : (
          <JobProgress job={latest} />
        )
      ) : sheet === "update" ? (
        <UpdateSheet app={app} onClose={() => onSheet(null)} />
      ) : (
        <RemovalSheet app={app} kind={sheet} onClose={() => onSheet(null)} />
      )}
    </div>
  );
}

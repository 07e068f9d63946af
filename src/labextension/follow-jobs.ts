import type { Notification } from "@jupyterlab/apputils";
import type { SidecarClient } from "../runtime/client/sidecar-client.js";
import { isBytes, isUnderWay, type Job, phaseText } from "../runtime/protocol/jobs.js";
import type { Run } from "../runtime/protocol/runs.js";
import { failureOf } from "../widgets/app-condition.js";
import { sizeText } from "../widgets/measures.js";
import type { Translate } from "../widgets/view.js";
import type { Notifications } from "./notification-board.js";
import type { Settings } from "./settings-shape.js";

interface JobsWorld {
  client: SidecarClient;
  t: Translate;
  notifications: Notifications;
  wanted(): Settings["notifications"];
  /** Whether a view that tells the same is on the screen: then nothing pops up. */
  isWatched(): boolean;
  /** Shows an app's page, at the output of a run where one is named. */
  show(target: { app: string; run?: string; part?: "output" }): void;
}

const DONE_MS = 6_000;
/** JupyterLab's way to list a notification without showing it. */
const SILENT = 0 as unknown as false;

/** Tells how far installs and other long work is, and what has failed; returns how to stop that. */
export function followJobs(world: JobsWorld): () => void {
  const { client, t, notifications, wanted, isWatched } = world;
  const shown = new Map<string, { notification: string; message: string }>();
  const jobRuns = new Set<string>();
  const ended = new Set<string>();

  const actionsFor = (appId: string | null, runId: string | null): Notification.IAction[] => {
    if (appId === null) return [];
    const log = { app: appId, ...(runId === null ? {} : ({ run: runId, part: "output" } as const)) };
    return [{ label: runId === null ? t("Show") : t("Show log"), callback: () => world.show(log) }];
  };

  const onJob = (job: Job): void => {
    const { id, appId, runId } = job;
    if (runId !== null) jobRuns.add(runId);
    const known = shown.get(id);
    if (isUnderWay(job)) {
      if (wanted() !== "all") return;
      const message = `${job.title}: ${progressText(job, t)}`;
      if (known?.message === message) return;
      const progress = shareOf(job);
      const actions = actionsFor(appId, runId);
      if (known === undefined) {
        const autoClose = isWatched() ? SILENT : DONE_MS;
        const notification = notifications.emit(message, "in-progress", { autoClose, actions, ...progress });
        shown.set(id, { notification, message });
      } else {
        shown.set(id, { ...known, message });
        notifications.update({ id: known.notification, message, type: "in-progress", actions, ...progress });
      }
      return;
    }
    shown.delete(id);
    const end = (type: "success" | "error", message: string): void => {
      const lasts = type === "error" ? (false as const) : DONE_MS;
      const options = { autoClose: isWatched() ? SILENT : lasts, actions: actionsFor(appId, runId) };
      // A new one: one that was put away, or was never shown, would not come back.
      if (known !== undefined) notifications.dismiss(known.notification);
      notifications.emit(message, type, options);
    };
    if (job.state === "failed" && wanted() !== "none") {
      return end("error", `${job.title}: ${job.error?.message ?? t("It did not come to its end")}`);
    }
    // What a change has done, and how to undo it, is told where it was asked for.
    if (job.state === "done" && job.kind === "install" && known !== undefined) {
      return end("success", t("{title}: done", { title: job.title }));
    }
    if (known !== undefined) notifications.dismiss(known.notification);
  };

  const onRun = (run: Run): void => {
    const failure = run.end === null || jobRuns.has(run.id) ? null : failureOf(run, t);
    if (failure === null || wanted() === "none" || isWatched()) return;
    const title = client.state?.apps.find(({ id }) => id === run.appId)?.title || run.appId || run.script;
    notifications.emit(`${title}: ${failure.error.message}`, "error", {
      autoClose: false,
      actions: actionsFor(run.appId, run.id),
    });
  };

  return client.onEvent((event) => {
    if (event.type === "job-changed") onJob(event.job);
    if (event.type !== "run-changed" || event.run.end === null || ended.has(event.run.id)) return;
    // A run that is over may still change: what it left is looked up.
    ended.add(event.run.id);
    onRun(event.run);
  });
}

function progressText({ phase, progress, step }: Job, t: Translate): string {
  const what = t(phaseText(phase));
  if (step !== null) return `${what} ${step.at}/${step.of}`;
  if (progress === null || progress.total === null || progress.total === 0) return what;
  if (isBytes(progress)) return `${what} ${sizeText(progress.done)} / ${sizeText(progress.total)}`;
  return `${what} ${progress.done}/${progress.total}`;
}

function shareOf({ progress, step }: Job): { progress?: number } {
  if (step !== null) return { progress: (step.at - 1) / Math.max(step.of, 1) };
  if (progress === null || progress.total === null || progress.total === 0) return {};
  return { progress: Math.min(1, progress.done / progress.total) };
}

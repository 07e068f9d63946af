import type { Log } from "../base/log.js";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import type { PinokioError } from "../protocol/errors.js";
import { Notice } from "../protocol/sidecar.js";
import { readTold } from "../protocol/told.js";
import type { Jobs } from "../library/jobs.js";
import { EventLog } from "../server/event-log.js";
import { createNotices, type Notices, type NoticeStore } from "../server/notices.js";
import { createRunPublisher } from "../server/run-publisher.js";
import { createTellLimit } from "../server/tell-limit.js";
import type { Apps } from "./apps.js";
import type { Runs } from "./runs.js";

/** What clients hear without asking. */
export interface News {
  events: EventLog;
  notices: Notices;
  /** Into the log, and before whoever watches. What it returns takes it back from there. */
  warn(error: PinokioError): () => void;
}

/** `noticesFile` keeps what outlives a sidecar; null where the home may only be looked at. */
export function createNews(log: Log, noticesFile: string | null = null): News {
  const events = new EventLog();
  const store = noticesFile === null ? null : noticeStore(noticesFile, log);
  const notices = createNotices((list) => events.publish({ type: "notices-changed", notices: list }), store);
  const warn: News["warn"] = (error) => {
    log.write("warn", error.message);
    const id = notices.add({
      level: "warning",
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
    return () => notices.dismiss(id);
  };
  return { events, notices, warn };
}

function noticeStore(file: string, log: Log): NoticeStore {
  return {
    read: () => {
      const found = readState(file, z.array(Notice));
      if (found.kind === "set-aside" || found.kind === "unreadable") log.write("warn", found.error.message);
      return found.kind === "read" ? found.value : [];
    },
    write: (notices) => {
      try {
        writeJsonAtomic(file, notices);
      } catch (error) {
        log.write("error", "notices not kept", { error: String(error) });
      }
    },
  };
}

/** Tells clients what becomes of long pieces of work. */
export function followJobs(jobs: Jobs, { events }: News): void {
  jobs.onChanged((job) => events.publish({ type: "job-changed", job }));
  jobs.onRemoved((jobId) => events.publish({ type: "job-removed", jobId }));
}

/** Tells clients and the library what becomes of runs. */
export function followRuns(
  { supervisor }: Runs,
  { library, views }: Apps,
  { events, notices }: News,
  log: Log,
): { close(): void } {
  const publisher = createRunPublisher((run) => {
    events.publish({ type: "run-changed", run });
    if (run.appId !== null) views.refreshSoon(run.appId);
  });
  supervisor.onRun((run) => {
    try {
      library.noteRun(run);
    } catch (error) {
      log.write("error", "library not written", { error: String(error) });
    }
    publisher.changed(run);
  });
  const isHeard = createTellLimit();
  supervisor.onTold((runId, kind, params) => {
    if (!isHeard(runId)) return;
    events.publish({ type: "run-told", runId, kind, params });
    const told = readTold(kind, params);
    if (told?.kind !== "message" || !told.lasting) return;
    const run = supervisor.get(runId);
    const from = run === null ? null : (run.appId ?? run.script);
    notices.add({
      level: told.level === "success" ? "info" : told.level,
      message: told.text,
      lasting: true,
      ...(from === null ? {} : { from }),
      ...(told.href !== null && /^https?:/i.test(told.href) ? { href: told.href } : {}),
    });
  });
  supervisor.onForgotten((runId) => events.publish({ type: "run-removed", runId }));
  return { close: () => publisher.close() };
}

import { useEffect, useRef, useState } from "react";
import type { AppFileOrder, AppFolder } from "../../runtime/protocol/app-files.js";
import type { App } from "../../runtime/protocol/apps.js";
import { isUnderWay } from "../../runtime/protocol/jobs.js";
import { type Answer, useAnswer, useRuns, useSnapshot } from "../host.js";

interface FolderWish {
  folder: string;
  text: string;
  order: AppFileOrder;
  most: number;
}

/** Long enough that a fast hand sends few questions. */
const TYPING_MS = 100;

/** What lies in a folder of an app. What was seen last of it stays until the next answer is there. */
export function useFolder(app: App, wish: FolderWish): Omit<Answer<AppFolder>, "since"> {
  const text = useSettled(wish.text, TYPING_MS);
  const { value, error, refresh } = useAnswer("apps.files", { app: app.id, ...wish, text }, useOccasion(app));
  const last = useRef<AppFolder | null>(null);
  if (value !== null) last.current = value;
  return { value: last.current?.folder === wish.folder ? last.current : null, error, refresh };
}

/** Something may have become another: a run is over, or something was put back. */
function useOccasion(app: App): string {
  const ended = useRuns().filter((run) => run.appId === app.id && run.end !== null).length;
  const jobs = (useSnapshot()?.jobs ?? []).filter((job) => job.appId === app.id && !isUnderWay(job));
  return `${ended} ${jobs.map(({ id }) => id).join()}`;
}

/** What somebody types, once they pause; emptied at once. */
function useSettled(text: string, ms: number): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return text === "" ? "" : settled;
}

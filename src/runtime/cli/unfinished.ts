import { normalize } from "node:path";
import { quotedWord } from "../base/command-words.js";
import type { SidecarClient } from "../client/sidecar-client.js";
import type { App } from "../protocol/apps.js";
import { PinokioError } from "../protocol/errors.js";
import { AppId } from "../protocol/ids.js";
import { isUnderWay, type Job } from "../protocol/jobs.js";
import type { Session } from "./session.js";
import { onOneLine } from "./words.js";

export const wayOn = (id: AppId): string => `Go on with: pinokiocloud install ${quotedWord(id)}`;

/** That an app is not there as it should be, why, and the way on; null where it is. */
const unfinishedText = ({ id, why }: Pick<App, "id" | "why">): string | null =>
  why === undefined ? null : onOneLine(`${id} is not installed yet: ${why}. ${wayOn(id)}`);

/** What is the matter with an app, and what to do about it; null where nothing is. */
export function troubleText(app: App): string | null {
  const { id, status, problem } = app;
  const unfinished = unfinishedText(app);
  if (unfinished !== null || status !== "error") return unfinished;
  if (problem !== null) return onOneLine(`${id} cannot be started: ${problem.message}`);
  return `${id} has failed. What can be done: pinokiocloud repair ${quotedWord(id)}`;
}

/** The job that installs an app just now, or null. */
export const installOf = (jobs: readonly Job[], app: AppId): Job | null =>
  jobs.find((one) => one.kind === "install" && one.appId === app && isUnderWay(one)) ?? null;

/** Before an app is started: says that it is not installed to its end, and starts nothing while it is being installed. */
export async function heedInstallation(session: Session, name: string, script: string | undefined): Promise<void> {
  const id = AppId.safeParse(name).data;
  if (id === undefined) return;
  const client = await session.client();
  if (script === undefined && installOf(await client.request("jobs.list", {}), id) !== null) {
    throw new PinokioError("app-busy", `${id} is being installed`, {
      hint: `See how far it is with: pinokiocloud logs ${quotedWord(id)}`,
    });
  }
  const app = session.json ? null : await unfinishedApp(client, id);
  const isInstaller = app?.installers.some((one) => normalize(one.script) === normalize(script ?? "")) === true;
  const text = app === null || isInstaller ? null : unfinishedText(app);
  if (text !== null) session.note(`warning: ${text}`);
}

async function unfinishedApp(client: SidecarClient, id: AppId): Promise<App | null> {
  const { app } = await client.request("apps.unfinished", { source: id }).catch(() => ({ app: null })); // the start says why
  return app?.id === id ? app : null;
}

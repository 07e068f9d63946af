import type { App } from "../../runtime/protocol/apps.js";
import type { Snapshot } from "../../runtime/protocol/events.js";
import { isLive } from "../../runtime/protocol/runs.js";
import { linksOf } from "../app-condition.js";
import { localPort } from "../open-url.js";

/** The app that serves the page at this address, or null. Only pages of the sidecar's machine are an app's. */
export function appOfPage(url: string, { apps, runs }: Pick<Snapshot, "apps" | "runs">): App | null {
  const port = localPort(url);
  if (port === null) return null;
  const serves = (app: App): boolean => {
    const own = runs.filter((run) => run.appId === app.id && isLive(run));
    const links = [app.url, ...own.flatMap(linksOf)].filter((link) => link !== null);
    return links.some((link) => localPort(link) === port) || own.some((run) => run.serving?.ports.includes(port));
  };
  return apps.find(serves) ?? null;
}

import { useEffect } from "react";
import type { ConfigForm } from "../../runtime/protocol/config.js";
import type { AppId, RunId } from "../../runtime/protocol/ids.js";
import { isLive } from "../../runtime/protocol/runs.js";
import { type Answer, useAnswer, useHost, useRuns } from "../host.js";

/** An app's settings, asked for again when somebody has changed them. */
export function useConfig(app: AppId): Answer<ConfigForm> {
  const answer = useAnswer("config.form", { app }, useLiveRuns(app).join(" "));
  useOnConfigChanged(app, answer.refresh);
  return answer;
}

export function useOnConfigChanged(app: AppId, listener: () => void): void {
  const { client } = useHost();
  useEffect(
    () =>
      client.onEvent((event) => {
        if (event.type === "config-changed" && event.appId === app) listener();
      }),
    [client, app, listener],
  );
}

export const useLiveRuns = (app: AppId): RunId[] =>
  useRuns()
    .filter((run) => run.appId === app && isLive(run))
    .map(({ id }) => id);

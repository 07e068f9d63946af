import { PinokioError } from "../../protocol/errors.js";
import type { RunId } from "../../protocol/ids.js";
import { isLive, type Run } from "../../protocol/runs.js";
import type { ScriptLocation } from "../../library/script-location.js";
import type { Supervisor } from "../../supervisor/supervisor.js";
import type { Handlers } from "./handler.js";

export interface RunParts {
  supervisor: Supervisor;
  /** Which file is meant by what a client wrote; a bare app folder stands for its default item. */
  locate(script: string): Promise<ScriptLocation>;
  /** As `locate`, without looking at launchers. */
  fileOf(script: string): string;
  /** Throws when nobody has agreed to the app's code. */
  checkAgreed(location: ScriptLocation): Promise<void>;
  stopGraceMs: number;
}

export const runHandlers = ({
  supervisor,
  locate,
  fileOf,
  checkAgreed,
  stopGraceMs,
}: RunParts): Handlers<
  | "runs.start"
  | "runs.stop"
  | "runs.wait"
  | "runs.list"
  | "runs.find"
  | "script.status"
  | "output.open"
  | "output.close"
> => {
  const find = (which: { runId: RunId } | { script: string }): Run | null =>
    "runId" in which ? supervisor.get(which.runId) : supervisor.latestOf(fileOf(which.script));

  return {
    "runs.start": async ({ script, action = "run", input, key, consent = false }) => {
      const location = await locate(script);
      if (!consent) await checkAgreed(location);
      return supervisor.start({
        scriptFile: location.file,
        script: location.script,
        appId: location.appId,
        action,
        key,
        ...(input === undefined ? (location.params === null ? {} : { input: location.params }) : { input }),
      });
    },
    "runs.stop": async (which) => {
      const run = find(which);
      if (run === null || !isLive(run)) return { run };
      return { run: await supervisor.stop(run.id, stopGraceMs) };
    },
    "runs.wait": ({ runId, waitMs }) => supervisor.waitFor(runId, waitMs),
    "runs.list": () => [...supervisor.runs],
    "runs.find": find,
    "script.status": ({ script }) => {
      const run = supervisor.latestOf(fileOf(script));
      const running = run !== null && isLive(run);
      return {
        running,
        ready: run !== null && (run.state === "ready" || run.end?.outcome === "finished"),
        local: running ? run.local : null,
        shells: running ? run.shells : 0,
      };
    },
    "output.open": async ({ stream, runId, offset, credit }, client) => {
      const run = supervisor.get(runId);
      if (run === null) throw new PinokioError("run-missing", `No run has the id ${runId}`);
      const sender = client.openStream(
        stream,
        {
          file: supervisor.outputFile(runId),
          isOver: () => {
            const latest = supervisor.get(runId);
            return latest === null || !isLive(latest);
          },
          onMore: (listener) => supervisor.onOutput(runId, listener),
        },
        credit,
      );
      return sender.start(offset);
    },
    "output.close": ({ stream }, client) => {
      client.streams.get(stream)?.close();
      client.streams.delete(stream);
      return {};
    },
  };
};

import { newRunId } from "../base/run-id.js";
import { toPlainData, toPlainRecord } from "../base/plain-data.js";
import type { Scripts } from "../methods/method.js";
import { fromWireError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import type { Resume } from "../protocol/resume.js";
import type { SharedScript } from "../protocol/shared.js";
import type { SidecarRequests } from "./sidecar-requests.js";

type Json = Parameters<typeof JSON.stringify>[0];

/** This run's copy of what is known about the scripts of the home. It is read without waiting. */
export class KnownScripts {
  #scripts: Record<string, SharedScript>;

  constructor(first: Record<string, SharedScript> = {}) {
    this.#scripts = { ...first };
  }

  find(file: string): SharedScript | null {
    return Object.hasOwn(this.#scripts, file) ? (this.#scripts[file] ?? null) : null;
  }

  fileOf(runId: string): string | null {
    return Object.entries(this.#scripts).find(([, script]) => script.runId === runId)?.[0] ?? null;
  }

  get files(): string[] {
    return Object.keys(this.#scripts);
  }

  learn({ whole, scripts }: { whole: boolean; scripts: Record<string, SharedScript> }): void {
    this.#scripts = whole ? { ...scripts } : Object.assign(this.#scripts, scripts);
  }
}

interface OtherScriptsOptions {
  lasting?: boolean;
  /** A script that goes on where it had failed, when it is started for the first time. */
  resume?: Resume | null;
  onFailed?(id: RunId): void;
}

/** Other scripts are started and stopped by the sidecar: each has a runner of its own. */
export function otherScripts(
  known: KnownScripts,
  requests: SidecarRequests,
  { lasting = false, resume = null, onFailed }: OtherScriptsOptions = {},
): Scripts {
  let waiting = resume;
  return {
    find: (file) => known.find(file),
    fileOf: (runId) => known.fileOf(runId),
    start: async (file, input, { action, env, isLeftAlone = false } = {}) => {
      const runId = newRunId(Date.now());
      const goesOn = waiting?.file === file ? waiting : null;
      if (goesOn !== null) waiting = null;
      const { already } = await requests.ask(
        "start",
        {
          runId,
          file,
          ...(action === undefined ? {} : { action }),
          ...(input === undefined ? {} : { input: toPlainData(input) as Json }),
          ...(env === undefined ? {} : { env: toPlainRecord(env) as Record<string, Json> }),
          ...(goesOn === null ? {} : { resume: goesOn }),
        },
        { lasting },
      );
      if (already) return { kind: "already" };
      if (isLeftAlone) return { kind: "begun", id: runId };
      const { outcome, error, value } = await requests.ask("wait", { runId }, { lasting });
      if (outcome === "ready" || outcome === "finished") return { kind: "done", value };
      if (outcome === "stopped" || error === null) return { kind: "stopped" };
      onFailed?.(runId);
      return { kind: "failed", error: fromWireError(error), hadBegun: error.context?.["step"] !== undefined };
    },
    stop: async (files) => {
      await requests.ask("stop", { files: [...files] });
    },
    restart: async (file, input) => {
      await requests.ask("restart", { file, ...(input === undefined ? {} : { input: toPlainData(input) as Json }) });
    },
    output: async (file, lines) => (await requests.ask("output", { file, lines })).text,
  };
}

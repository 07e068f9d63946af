import { newRunId } from "../base/run-id.js";
import { toPlainData } from "../base/plain-data.js";
import type { Scripts } from "../methods/method.js";
import { fromWireError } from "../protocol/errors.js";
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

  get files(): string[] {
    return Object.keys(this.#scripts);
  }

  learn({ whole, scripts }: { whole: boolean; scripts: Record<string, SharedScript> }): void {
    this.#scripts = whole ? { ...scripts } : Object.assign(this.#scripts, scripts);
  }
}

/** Other scripts are started and stopped by the sidecar: each has a runner of its own. */
export function otherScripts(known: KnownScripts, requests: SidecarRequests, { lasting = false } = {}): Scripts {
  return {
    find: (file) => known.find(file),
    start: async (file, input, action) => {
      const runId = newRunId(Date.now());
      const { already } = await requests.ask(
        "start",
        {
          runId,
          file,
          ...(action === undefined ? {} : { action }),
          ...(input === undefined ? {} : { input: toPlainData(input) as Json }),
        },
        { lasting },
      );
      if (already) return { kind: "already" };
      const { outcome, error, value } = await requests.ask("wait", { runId }, { lasting });
      if (outcome === "ready" || outcome === "finished") return { kind: "done", value };
      if (outcome === "stopped" || error === null) return { kind: "stopped" };
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

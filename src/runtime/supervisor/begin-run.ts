import { writeJsonAtomic } from "../base/atomic-file.js";
import { bootId } from "../base/processes.js";
import { newRunId } from "../base/run-id.js";
import type { RunRecord, RunRequest } from "../protocol/channel.js";
import { PinokioError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import { isLive, newRun, type Run } from "../protocol/runs.js";
import type { SharedScript } from "../protocol/shared.js";
import { VERSION } from "../protocol/version.js";
import type { RunPaths } from "../storage/paths.js";
import type { FollowedRun } from "./followed-run.js";
import type { createGroupsOfRuns } from "./groups-of-runs.js";
import { writeRunFolder } from "./run-folders.js";
import type { RunOrder } from "./run-order.js";
import type { SupervisorOptions } from "./supervisor-options.js";

interface Runs {
  now(): Date;
  followed: ReadonlyMap<RunId, FollowedRun>;
  groups: ReturnType<typeof createGroupsOfRuns>;
  pathsOf(id: RunId): RunPaths;
  requestOf(id: RunId): RunRequest | null;
  latestOf(scriptFile: string): Run | null;
  entryOf(id: RunId): FollowedRun;
  scripts(): Readonly<Record<string, SharedScript>>;
  add(record: RunRecord): FollowedRun;
  /** Tells everybody of a run that is new. */
  announce(run: Run): void;
}

/** How runs begin: at once, or when what they wait for is there. */
export function createBeginning(
  options: Pick<SupervisorOptions, "home" | "local" | "log" | "surroundingsOf">,
  { now, followed, groups, pathsOf, requestOf, latestOf, entryOf, scripts, add, announce }: Runs,
) {
  const { home, local, log } = options;

  const begin = async ({ key, ...order }: RunOrder): Promise<{ run: Run; already: boolean }> => {
    const asked = key === undefined ? undefined : [...followed.values()].find(({ record }) => record.key === key);
    if (asked !== undefined) return { run: asked.record.run, already: false };

    const latest = latestOf(order.scriptFile);
    if (latest?.state === "stopping") await entryOf(latest.id).ended;
    else if (latest !== null && isLive(latest)) return { run: latest, already: true };

    const { runId: id = newRunId(now().getTime()), parent, waitsFor = [], ...rest } = order;
    const { appId, script, action } = order;
    const startedAt = now().toISOString();
    const isQueued = waitsFor.length > 0;
    const run = newRun({
      ...{ id, appId, script, action, startedAt },
      ...(parent === undefined ? {} : { parent }),
      ...(isQueued ? { state: "queued", waitsFor: [...waitsFor] } : {}),
    });
    const socket = local.runnerSocket(id);
    const record: RunRecord = {
      ...{ run, socket, process: null, version: VERSION, key: key ?? null },
      ...(isQueued ? { queuedIn: bootId() } : {}),
    };
    const made = isQueued ? null : groups.make(id, appId);
    const request: RunRequest = {
      runId: id,
      home,
      socket,
      tokenFile: local.token,
      key: key ?? null,
      parent,
      ...options.surroundingsOf(order.appId, order.script),
      ...rest,
      scripts: scripts(),
      ...(made === null ? {} : { groups: made }),
    };
    try {
      writeRunFolder(pathsOf(id), request, record);
    } catch (error) {
      groups.giveBack(id);
      throw error;
    }
    const entry = add(record);
    log.write("info", isQueued ? "run queued" : "run started", { run: id, script, action });
    announce(run);
    if (!isQueued) await entry.launch();
    return { run: entry.record.run, already: false };
  };

  /** With what is true by now: it may have waited for long. */
  const leaveQueue = async (id: RunId): Promise<void> => {
    const entry = entryOf(id);
    const { appId, script, state } = entry.record.run;
    const asked = requestOf(id);
    if (state !== "queued") return;
    if (asked === null) throw new PinokioError("state-unreadable", `${script} was not started: its request is gone`);
    if (asked.groups !== undefined) groups.remove(asked.groups); // of a sidecar that was killed here
    const made = groups.make(id, appId);
    const request: RunRequest = {
      ...asked,
      ...options.surroundingsOf(appId, script),
      scripts: scripts(),
      ...(made === null ? {} : { groups: made }),
    };
    try {
      writeJsonAtomic(pathsOf(id).request, request, 0o600);
      log.write("info", "run started", { run: id, script });
      await entry.leaveQueue();
    } catch (error) {
      groups.giveBack(id);
      throw error;
    }
  };

  return { begin, leaveQueue };
}

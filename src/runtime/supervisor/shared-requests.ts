import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import { findFreePort } from "../base/free-port.js";
import { claimPort, type PortClaim } from "../base/port-claims.js";
import { readOutputEnd } from "../base/output-parts.js";
import { newRunId } from "../base/run-id.js";
import { PinokioError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import { LAST_OUTPUT_BYTES } from "../protocol/limits.js";
import { isLive, type Run } from "../protocol/runs.js";
import {
  isSharedRequest,
  SHARED_REQUESTS,
  type SharedParams,
  type SharedReply,
  type SharedRequestName,
} from "../protocol/shared.js";
import type { Turns } from "./turns.js";

/** What a run asks the sidecar for, done. */
export interface SharedRequestsWorld {
  get(id: RunId): Run | null;
  latestOf(file: string): Run | null;
  /** Starts a script for a run, which becomes its parent. */
  startFor(parent: Run, order: SharedParams<"start">): Promise<{ run: Run; already: boolean }>;
  stop(id: RunId): Promise<unknown>;
  /** Resolves when the run is ready or over. */
  settled(id: RunId): Promise<Run>;
  valueOf(id: RunId): unknown;
  outputFile(id: RunId): string;
  /** Answers that were given with a run, and where it is kept which of them are used. */
  answersOf(id: RunId): { answers: readonly unknown[]; file: string } | null;
  /** Throws when the run's app may take no more of the disk. */
  checkRoom(run: Run): Promise<void>;
  onProblem(error: unknown): void;
}

export interface SharedRequests {
  answer(run: Run, name: string, params: unknown): Promise<unknown>;
  /** A run is over: what it held is free again. */
  release(id: RunId): void;
}

type Work = { [Name in SharedRequestName]: (run: Run, params: SharedParams<Name>) => Promise<SharedReply<Name>> };

const RESTART_AFTER_MS = 50;

export function createSharedRequests(world: SharedRequestsWorld, turns: Turns): SharedRequests {
  const ports = new Map<number, { run: RunId; claim: Promise<PortClaim | null> }>();
  const starts = new Map<RunId, Promise<{ already: boolean }>>();

  const freePort = async (run: RunId): Promise<number> => {
    for (let port = await findFreePort(); ; port = await findFreePort(port + 1)) {
      const held = ports.get(port) ?? { run, claim: claimPort(port) };
      if (held.run !== run) continue;
      ports.set(port, held);
      if ((await held.claim) !== null) return port;
      if (ports.get(port) === held) ports.delete(port);
    }
  };

  const work: Work = {
    start: (run, order) => {
      const known = starts.get(order.runId);
      if (known !== undefined) return known;
      if (world.get(order.runId) !== null) return Promise.resolve({ already: false });
      const started = world.startFor(run, order).then(({ already }) => ({ already }));
      starts.set(order.runId, started);
      void started.finally(() => starts.delete(order.runId)).catch(() => undefined);
      return started;
    },
    wait: async (_, { runId }) => {
      const { state, end } = await world.settled(runId);
      const outcome = state === "ready" || end === null ? "ready" : end.outcome;
      return { outcome, error: end?.error ?? null, value: world.valueOf(runId) };
    },
    stop: async (_, { files }) => {
      await Promise.all(
        files.map(async (file) => {
          const meant = world.latestOf(file);
          if (meant !== null && isLive(meant)) await world.stop(meant.id);
        }),
      );
      return {};
    },
    restart: (run, { file, input }) => {
      const again = async (): Promise<void> => {
        const meant = world.latestOf(file);
        if (meant !== null && isLive(meant)) await world.stop(meant.id);
        await world.startFor(run, { runId: newRunId(Date.now()), file, input });
      };
      setTimeout(() => void again().catch(world.onProblem), RESTART_AFTER_MS);
      return Promise.resolve({});
    },
    output: (_, { file, lines }) => {
      const meant = world.latestOf(file);
      return Promise.resolve({ text: meant === null ? "" : lastLines(world.outputFile(meant.id), lines) });
    },
    port: async ({ id }) => ({ port: await freePort(id) }),
    room: async (run) => {
      await world.checkRoom(run);
      return {};
    },
    enter: async ({ id }, { queue, turn }) => {
      await turns.enter(id, queue, turn);
      return {};
    },
    leave: (_, { queue, turn }) => {
      turns.leave(queue, turn);
      return Promise.resolve({});
    },
    answer: (run, { key }) => {
      for (let asked: Run | null = run; asked !== null; asked = asked.parent ? world.get(asked.parent) : null) {
        const given = world.answersOf(asked.id);
        if (given !== null) return Promise.resolve(takeAnswer(given, key));
      }
      return Promise.resolve({ found: false, value: null });
    },
  };

  return {
    answer: async (run, name, params) => {
      if (!isSharedRequest(name))
        throw new PinokioError("request-invalid", `A run asked for "${name}", which is unknown`);
      const handle = work[name] as (run: Run, params: unknown) => Promise<unknown>;
      return handle(run, SHARED_REQUESTS[name].params.parse(params));
    },
    release: (id) => {
      for (const [port, { run, claim }] of ports) {
        if (run !== id) continue;
        ports.delete(port);
        void claim.then((held) => held?.release());
      }
      turns.release(id);
    },
  };
}

/** Who asks again gets the same answer again. */
function takeAnswer({ answers, file }: { answers: readonly unknown[]; file: string }, key: string) {
  const found = readState(file, z.array(z.string()));
  const used = found.kind === "read" ? found.value : [];
  let index = used.indexOf(key);
  if (index < 0) {
    index = used.length;
    if (index < answers.length) writeJsonAtomic(file, [...used, key], 0o600);
  }
  return index < answers.length ? { found: true, value: answers[index] } : { found: false, value: null };
}

function lastLines(file: string, lines: number): string {
  const { bytes } = readOutputEnd(file, LAST_OUTPUT_BYTES);
  const text = new TextDecoder().decode(bytes);
  return text
    .split(/\r?\n/)
    .slice(-Math.max(1, lines) - 1)
    .join("\n");
}

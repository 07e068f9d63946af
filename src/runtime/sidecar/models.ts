import { join } from "node:path";
import { shareAnswer } from "../base/share-answer.js";
import type { Jobs } from "../library/jobs.js";
import type { LookedAt, Models } from "../models/models.js";
import { isUnderWay, type Job } from "../protocol/jobs.js";
import type { ModelList } from "../protocol/models.js";
import type { OpenedHome } from "./open-home.js";
import { whileWatched } from "./while-watched.js";

/** The models of a home, for clients and for who frees room. */
export interface SidecarModels {
  list(): Promise<ModelList>;
  /** Reads all of what seems to be there twice. */
  compare(): Job;
  look(signal: AbortSignal): Promise<LookedAt>;
  /** Notes that files of these versions share their contents. */
  noteShared(one: string, other: string): Promise<void>;
}

export interface SidecarModelsOptions {
  opened: Pick<OpenedHome, "home">;
  jobs: Jobs;
  isWatched(): boolean;
}

const KIND = "compare-models";

/** Nothing of it is read before somebody asks, and nothing is looked at behind anybody's back. */
export function createSidecarModels({ opened, jobs, isWatched }: SidecarModelsOptions): SidecarModels {
  const { home } = opened;
  let loaded: Promise<Models> | null = null;
  const models = (): Promise<Models> =>
    (loaded ??= import("../models/models.js").then((room) => new room.Models(home, join(home, "system"))));
  return {
    list: shareAnswer(() => whileWatched(isWatched, async (signal) => (await models()).list(signal))),
    compare: () => {
      const other = jobs.all.find((job) => job.kind === KIND && isUnderWay(job));
      if (other !== undefined) return other;
      return jobs.start({
        kind: KIND,
        appId: null,
        title: "Compare copies of models",
        work: async ({ signal, tell }) => {
          tell({ phase: "compare" });
          const onBytes = (done: number, total: number) => tell({ progress: { done, total, unit: "bytes" } });
          const sets = await (await models()).compare({ signal, onBytes });
          tell({ title: `Compared copies of models: ${sets === 1 ? "1 is" : `${sets} are`} there more than once` });
        },
      });
    },
    look: async (signal) => (await models()).look(signal),
    noteShared: async (one, other) => (await models()).shared.add(one, other),
  };
}

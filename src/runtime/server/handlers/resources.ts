import type { FREEING_REQUESTS, FreeableList } from "../../protocol/freeing.js";
import type { Job } from "../../protocol/jobs.js";
import type { MODEL_REQUESTS, ModelList } from "../../protocol/models.js";
import type { Handlers } from "./handler.js";

export interface ResourceParts {
  models: { list(): Promise<ModelList>; compare(): Job };
  freeing: { list(): Promise<FreeableList>; free(items: readonly string[], at: string): Job };
}

/** What apps share, and room on the disk. */
export const resourceHandlers = ({
  models,
  freeing,
}: ResourceParts): Handlers<keyof typeof MODEL_REQUESTS | keyof typeof FREEING_REQUESTS> => ({
  "models.list": () => models.list(),
  "models.compare": () => ({ job: models.compare() }),
  "storage.freeable": () => freeing.list(),
  "storage.free": ({ items, at }) => ({ job: freeing.free(items, at) }),
});

import type { Studio } from "../../library/installing/studio.js";
import type { Jobs } from "../../library/jobs.js";
import type { Library } from "../../library/library.js";
import type { Handlers } from "./handler.js";

export interface JobParts {
  jobs: Jobs;
  library: Pick<Library, "fetch" | "unfinished" | "get" | "refuse" | "resume">;
  studio: Studio;
}

export const jobHandlers = ({
  jobs,
  library,
  studio,
}: JobParts): Handlers<
  | "apps.fetch"
  | "apps.unfinished"
  | "apps.refuse"
  | "apps.resume"
  | "studio.files"
  | "studio.end"
  | "jobs.list"
  | "jobs.wait"
  | "jobs.cancel"
> => ({
  "apps.fetch": async ({ source, token }) => ({ job: await library.fetch(source, token) }),
  "apps.unfinished": async ({ source }) => {
    const id = await library.unfinished(source);
    return { app: id === null ? null : await library.get(id) };
  },
  "apps.refuse": async ({ source }) => {
    await library.refuse(source);
    return {};
  },
  "apps.resume": ({ appId, ...how }) => library.resume(appId, how),
  "studio.files": ({ appId }) => studio.files(appId),
  "studio.end": ({ appId, ...order }) => studio.end(appId, order),
  "jobs.list": () => [...jobs.all],
  "jobs.wait": ({ jobId, waitMs }) => jobs.wait(jobId, waitMs),
  "jobs.cancel": ({ jobId }) => jobs.cancel(jobId),
});

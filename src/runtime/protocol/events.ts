import * as z from "zod";
import { App } from "./apps.js";
import { EnvironmentNews } from "./environments.js";
import { AppId, JobId, RunId } from "./ids.js";
import { Job } from "./jobs.js";
import { Run } from "./runs.js";
import { Shelf } from "./shelf.js";
import { Notice, SidecarStatus } from "./sidecar.js";
import { FirstSteps } from "./system.js";

/** Everything the sidecar tells its watchers. Each one replaces what it names, so applying it twice does no harm. */
export const SidecarEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("app-changed"), app: App }),
  z.object({ type: z.literal("app-removed"), appId: AppId }),
  z.object({ type: z.literal("run-changed"), run: Run }),
  z.object({ type: z.literal("run-removed"), runId: RunId }),
  /** A script wants something of the person who watches; it does not wait for it. `kind` is the method's name. */
  z.object({ type: z.literal("run-told"), runId: RunId, kind: z.string(), params: z.unknown().optional() }),
  z.object({ type: z.literal("job-changed"), job: Job }),
  z.object({ type: z.literal("job-removed"), jobId: JobId }),
  /** What environments hold has changed, or more is known of them: whoever shows some asks again. */
  z.object({ type: z.literal("environments-changed"), environments: EnvironmentNews }),
  z.object({ type: z.literal("shelf-changed"), shelf: Shelf }),
  /** What the catalog says may be different now; `round` only tells one change from another. */
  z.object({ type: z.literal("catalog-changed"), round: z.number() }),
  /** Settings of an app have been changed, or its presets: whoever shows them asks again. */
  z.object({ type: z.literal("config-changed"), appId: AppId }),
  /** Settings of all apps, or of PinokioCloud itself: whoever shows them asks again. */
  z.object({ type: z.literal("settings-changed") }),
  z.object({ type: z.literal("first-steps-changed"), firstSteps: FirstSteps }),
  z.object({ type: z.literal("notices-changed"), notices: z.array(Notice) }),
  z.object({ type: z.literal("mode-changed"), mode: SidecarStatus.shape.mode, modeReason: z.string().nullable() }),
]);
export type SidecarEvent = z.infer<typeof SidecarEvent>;

/** Everything the events describe, at one moment: where a watcher starts. */
export const Snapshot = z.object({
  apps: z.array(App),
  runs: z.array(Run),
  jobs: z.array(Job).default([]),
  environments: EnvironmentNews.default({ changes: 0, active: null }),
  shelf: Shelf.optional(),
  catalogRound: z.number().optional(),
  firstSteps: FirstSteps.optional(),
  notices: z.array(Notice),
  mode: SidecarStatus.shape.mode,
  modeReason: z.string().nullable(),
});
export type Snapshot = z.infer<typeof Snapshot>;

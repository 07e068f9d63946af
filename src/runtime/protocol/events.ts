import * as z from "zod";
import { App } from "./apps.js";
import { AppId, RunId } from "./ids.js";
import { Run } from "./runs.js";
import { Notice, SidecarStatus } from "./sidecar.js";

/** Everything the sidecar tells its watchers. Each one replaces what it names, so applying it twice does no harm. */
export const SidecarEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("app-changed"), app: App }),
  z.object({ type: z.literal("app-removed"), appId: AppId }),
  z.object({ type: z.literal("run-changed"), run: Run }),
  z.object({ type: z.literal("run-removed"), runId: RunId }),
  /** A script wants something of the person who watches; it does not wait for it. `kind` is the method's name. */
  z.object({ type: z.literal("run-told"), runId: RunId, kind: z.string(), params: z.unknown().optional() }),
  z.object({ type: z.literal("notices-changed"), notices: z.array(Notice) }),
  z.object({ type: z.literal("mode-changed"), mode: SidecarStatus.shape.mode, modeReason: z.string().nullable() }),
]);
export type SidecarEvent = z.infer<typeof SidecarEvent>;

/** Everything the events describe, at one moment: where a watcher starts. */
export const Snapshot = z.object({
  apps: z.array(App),
  runs: z.array(Run),
  notices: z.array(Notice),
  mode: SidecarStatus.shape.mode,
  modeReason: z.string().nullable(),
});
export type Snapshot = z.infer<typeof Snapshot>;

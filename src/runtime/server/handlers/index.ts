import type { RequestName } from "../../protocol/requests.js";
import { type AppParts, appHandlers } from "./apps.js";
import type { Handlers } from "./handler.js";
import { type MachineParts, machineHandlers } from "./machine.js";
import { type RunParts, runHandlers } from "./runs.js";
import { type SidecarParts, sidecarHandlers } from "./sidecar.js";

export interface Parts {
  sidecar: SidecarParts;
  machine: MachineParts;
  apps: AppParts;
  runs: RunParts;
}

/** Every request has exactly one handler: a missing one does not compile. */
export const createHandlers = ({ sidecar, machine, apps, runs }: Parts): Handlers<RequestName> => ({
  ...sidecarHandlers(sidecar),
  ...machineHandlers(machine),
  ...appHandlers(apps),
  ...runHandlers(runs),
});

/** What starts programs; refused while everything is being stopped. */
export const STARTING_REQUESTS: ReadonlySet<RequestName> = new Set([
  "apps.install",
  "apps.autolaunch",
  "runs.start",
  "runs.repair",
  "runs.again",
]);

/** What changes the home; refused while it may only be looked at. */
export const CHANGING_REQUESTS: ReadonlySet<RequestName> = new Set([
  "apps.install",
  "apps.agree",
  "apps.setSettings",
  "apps.autolaunch",
  "runs.start",
  "runs.stop",
  "runs.repair",
  "runs.cancelRepair",
  "runs.again",
  "runs.answer",
  "runs.type",
  "runs.resize",
]);

import type { Repair, RepairKind, RepairPreview } from "../../protocol/failures.js";
import { acceptLicence } from "./accept-licence.js";
import { clearPartial } from "./clear-partial.js";
import { freeDisk } from "./free-disk.js";
import { installSystemPackage } from "./install-system-package.js";
import { lowerMemory } from "./lower-memory.js";
import { recreateVenv } from "./recreate-venv.js";
import type { Repaired, Repairer, RepairWorld } from "./repair.js";
import { retryStep } from "./retry-step.js";
import { setToken } from "./set-token.js";
import { updateApp } from "./update-app.js";
import { useOtherPort } from "./use-other-port.js";

/** Every kind of repair, and who carries it out. */
export const repairers: { readonly [Kind in RepairKind]: Repairer<Kind> } = {
  "retry-step": retryStep,
  "recreate-venv": recreateVenv,
  "clear-partial": clearPartial,
  "free-disk": freeDisk,
  "install-system-package": installSystemPackage,
  "set-token": setToken,
  "use-other-port": useOtherPort,
  "lower-memory": lowerMemory,
  "accept-licence": acceptLicence,
  "update-app": updateApp,
};

export const isPossible = (repair: Repair, world: Pick<RepairWorld, "app" | "canUpdate">): boolean =>
  repairerOf(repair).isPossible?.(repair.params, world) ?? true;

export const previewRepair = (repair: Repair, world: RepairWorld): Promise<RepairPreview> =>
  repairerOf(repair).preview(repair.params, world);

export const runRepair = (repair: Repair, world: RepairWorld): Promise<Repaired> =>
  repairerOf(repair).run(repair.params, world);

// A repair's kind decides the type of its parameters, which the table keeps and an index access does not.
const repairerOf = ({ kind }: Repair): Repairer<RepairKind> => repairers[kind] as Repairer<RepairKind>;

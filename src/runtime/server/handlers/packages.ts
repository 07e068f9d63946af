import type { PackageManager } from "../../library/packages/manager.js";
import type { CheckedParamsOf, ReplyOf } from "../../protocol/requests.js";
import type { Run } from "../../protocol/runs.js";
import type { Handlers } from "./handler.js";

export interface PackageParts {
  packages: Omit<PackageManager, "list"> & {
    list(): Promise<ReplyOf<"packages.list">>;
    start(order: CheckedParamsOf<"packages.start">): Promise<{ run: Run; already: boolean }>;
  };
}

export const packageHandlers = ({
  packages,
}: PackageParts): Handlers<
  | "packages.list"
  | "packages.plan"
  | "packages.install"
  | "packages.update"
  | "packages.removal"
  | "packages.remove"
  | "packages.cameWith"
  | "packages.start"
> => ({
  "packages.list": () => packages.list(),
  "packages.plan": ({ id }) => packages.plan(id),
  "packages.install": async (order) => ({ job: await packages.install(order) }),
  "packages.update": async ({ id }) => ({ job: await packages.update(id) }),
  "packages.removal": ({ id }) => packages.removal(id),
  "packages.remove": async (order) => ({ job: await packages.remove(order) }),
  "packages.cameWith": ({ ids }) => packages.cameWith(ids),
  "packages.start": (order) => packages.start(order),
});

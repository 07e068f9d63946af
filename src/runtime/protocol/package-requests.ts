import * as z from "zod";
import { AppId } from "./ids.js";
import { Job } from "./jobs.js";
import { PACKAGE_TYPES } from "./packages.js";
import { Run } from "./runs.js";

/** A package as it is installed here. */
export const InstalledPackageView = z.object({
  /** Its own in the catalog; for what was put here by hand, its type and name. */
  id: z.string(),
  type: z.enum(PACKAGE_TYPES),
  name: z.string(),
  version: z.string().nullable(),
  commit: z.string().nullable(),
  /** Where it lies, below the home: a folder, or the environment that holds it. */
  place: z.string(),
  installedAt: z.string().nullable(),
  /** True when somebody wanted it; else only others need it. */
  wanted: z.boolean(),
  /** Packages and apps that need it. */
  neededBy: z.array(z.string()),
  /** Why it is not whole, or null. */
  problem: z.string().nullable(),
});
export type InstalledPackageView = z.infer<typeof InstalledPackageView>;

/** What installing would do: dependencies first. */
export const PackagePlan = z.object({
  steps: z.array(
    z.object({
      id: z.string(),
      type: z.enum(PACKAGE_TYPES),
      name: z.string(),
      /** It is here already. */
      installed: z.boolean(),
      /** Where it goes, in words. */
      where: z.string(),
      /** Null where nobody knows beforehand. */
      bytes: z.number().nullable(),
      /** What `apps.inspect` takes, for a package that runs scripts a person has to agree to first; else null. */
      inspect: z.string().nullable(),
      /** What its source warns of, or null. */
      warning: z.string().nullable().default(null),
    }),
  ),
});
export type PackagePlan = z.infer<typeof PackagePlan>;

/** What removing would do. */
export const PackageRemoval = z.object({
  /** Goes to the trash, or is taken out of its environment. */
  goes: z.array(z.object({ what: z.string(), bytes: z.number() })),
  /** What is taken away from whom: it is done only when that is said. */
  inUse: z.array(z.string()),
  /** Packages and apps that need it, likewise. */
  neededBy: z.array(z.string()).default([]),
});
export type PackageRemoval = z.infer<typeof PackageRemoval>;

const WhichPackage = z.strictObject({ id: z.string().min(1).max(500) });

/** What can be asked about packages of every type. */
export const PACKAGE_REQUESTS = {
  "packages.list": { params: z.strictObject({}), reply: z.array(InstalledPackageView) },
  "packages.plan": { params: WhichPackage, reply: PackagePlan },
  "packages.install": {
    params: WhichPackage.extend({
      /** Fingerprints that a person agreed to, by package: for apps, from `apps.inspect`. */
      agreed: z.record(z.string(), z.string()).default({}),
      /** Whoever asks has seen the warnings of all that comes. */
      despiteWarning: z.boolean().default(false),
      /** Only what it needs, and not the package itself. */
      onlyNeeds: z.boolean().default(false),
      /** Nobody is there to answer scripts of apps among them. */
      unattended: z.boolean().default(true),
    }),
    reply: z.object({ job: Job }),
  },
  /** Gets what is newer. */
  "packages.update": { params: WhichPackage, reply: z.object({ job: Job }) },
  "packages.removal": { params: WhichPackage, reply: PackageRemoval },
  "packages.remove": {
    params: WhichPackage.extend({
      /** Also while others use it. */
      despiteUse: z.boolean().default(false),
    }),
    reply: z.object({ job: Job }),
  },
  /** What came only since these need it, and nobody needs without them: who needs others first. */
  "packages.cameWith": {
    params: z.strictObject({ ids: z.array(WhichPackage.shape.id).min(1).max(1000) }),
    reply: z.array(InstalledPackageView),
  },
  /** Launches a plugin, or a task with a plugin that carries it out. Asking for it is the consent. */
  "packages.start": {
    params: WhichPackage.extend({
      action: z.enum(["run", "install", "update", "uninstall"]).default("run"),
      /** An app whose folder it works in; without it a new folder in `workspaces`. */
      app: AppId.optional(),
      prompt: z.string().max(100_000).optional(),
      /** Of a task: what its words in braces stand for. */
      inputs: z.record(z.string(), z.string()).default({}),
      /** Of a task: which plugin carries it out. */
      plugin: z.string().optional(),
    }),
    reply: z.object({ run: Run, already: z.boolean() }),
  },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;

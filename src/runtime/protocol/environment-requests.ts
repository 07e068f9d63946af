import * as z from "zod";
import { EnvironmentDetails, EnvironmentList } from "./environments.js";
import { AppId } from "./ids.js";

/** What can be asked about environments. */
export const ENVIRONMENT_REQUESTS = {
  /** Sizes that nobody has added up yet are null; `environments-changed` tells when they are known. */
  "environments.list": {
    params: z.strictObject({
      /** Only those that this app works with. */
      app: AppId.optional(),
    }),
    reply: EnvironmentList,
  },
  "environments.show": { params: z.strictObject({ id: z.string().min(1) }), reply: EnvironmentDetails },
  /** Where packages without an environment of their own go from now on; null for one of their own each. */
  "environments.select": {
    params: z.strictObject({
      id: z.string().min(1).nullable(),
      /** Makes `envs/<name>` where it is missing. */
      make: z.boolean().optional(),
    }),
    reply: EnvironmentList,
  },
  /** Moves one of `envs` into the trash; refused while it is the active one, holds packages, or, else, apps use it. */
  "environments.remove": {
    params: z.strictObject({ id: z.string().min(1), despiteUse: z.boolean().optional() }),
    reply: z.object({ entry: z.string() }),
  },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;

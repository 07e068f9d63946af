import * as z from "zod";

/** What a sidecar is asked that has just come up and that nobody may look at yet: the other schemas are not made for it. */
export const FIRST_REQUESTS = {
  /**
   * Launches the apps that come up with PinokioCloud, unless they were since the machine has started. Asked by those who
   * bring it up; a command that merely needs a sidecar launches nothing.
   */
  "apps.autolaunch": { params: z.object({}), reply: z.object({}) },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;

import * as z from "zod";

export const MODES = ["full", "minimal", "read-only"] as const;

/** What the disk of a home does not have, and scripts do without. */
export const Lacks = z.object({ links: z.boolean(), space: z.boolean() });
export type Lacks = z.infer<typeof Lacks>;

/** Something a person should see once, wherever they look. */
export const Notice = z.object({
  id: z.string(),
  level: z.enum(["info", "warning", "error"]),
  message: z.string(),
  hint: z.string().optional(),
  at: z.string(),
  /** What a script wants to be remembered: stays until somebody has put it away, over the sidecar's end too. */
  lasting: z.boolean().optional(),
  /** Title or folder of the app it is from. */
  from: z.string().optional(),
  /** A page that tells more. */
  href: z.string().optional(),
});
export type Notice = z.infer<typeof Notice>;

/** The sidecar, as `status` and the System view show it. */
export const SidecarStatus = z.object({
  version: z.string(),
  protocol: z.number(),
  pid: z.number(),
  node: z.string(),
  home: z.string(),
  startedAt: z.string(),
  mode: z.enum(MODES),
  /** Why it is not in full mode, in words, or null. */
  modeReason: z.string().nullable(),
  clients: z.number(),
  liveRuns: z.number(),
  memoryBytes: z.number(),
  logFile: z.string(),
  /** Minutes without a client and a live run after which it ends itself; 0 means never. */
  idleMinutes: z.number(),
  /** What a person should know, the latest last. */
  notices: z.array(Notice).optional(),
});
export type SidecarStatus = z.infer<typeof SidecarStatus>;

import { readFileSync } from "node:fs";
import * as z from "zod";

/** `sidecar.json`: where a home's sidecar listens. Written once it does, removed when it ends. */
export const SidecarRecord = z.object({
  pid: z.number(),
  startTime: z.string(),
  bootId: z.string(),
  host: z.string(),
  home: z.string(),
  socket: z.string(),
  tokenFile: z.string(),
  version: z.string(),
  protocol: z.number(),
  node: z.string(),
  startedAt: z.string(),
});
export type SidecarRecord = z.infer<typeof SidecarRecord>;

/** Null when there is none, or it cannot be read: then nobody can be found by it. */
export function readSidecarRecord(path: string): SidecarRecord | null {
  try {
    return SidecarRecord.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

// Those that are measured beside each other, in this order.
import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { basename, join } from "node:path";
import { openOurSupervisor } from "./our-supervisor.mjs";
import { openPm2 } from "./pm2.mjs";
import { openSupervisord } from "./supervisord.mjs";

export const PEERS = { pm2: openPm2, supervisord: openSupervisord };
export const SUPERVISORS = { ours: openOurSupervisor, ...PEERS };

/** Opens one for as long as `work` takes; null when it cannot be had. */
export async function withSupervisor(open, context, programs, work) {
  const supervisor = await open(context, programs);
  if (supervisor === null) return null;
  try {
    return await work(supervisor);
  } finally {
    await supervisor.end();
  }
}

/** As where terminals cannot be made: our programs without the library for them. */
export function withoutTerminals(context) {
  const place = join(mkdtempSync(join(context.folder, "pipes-")), "pinokiocloud");
  const staticDir = join(place, "static");
  mkdirSync(place);
  cpSync(context.staticDir, staticDir, { recursive: true, filter: (path) => basename(path) !== "pty" });
  cpSync(join(context.root, "pinokiocloud/reaper.py"), join(place, "reaper.py"));
  return { ...context, staticDir };
}

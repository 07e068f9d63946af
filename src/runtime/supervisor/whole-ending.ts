import { listeningPorts } from "../base/listening-ports.js";
import type { Ending } from "../protocol/runs.js";

/**
 * How the programs of a run ended whose runner was gone before all of them were: what it had `told` by then, and what
 * was `found` without it.
 */
export function wholeEnding(told: Ending, found: Ending | null, tookMs: number): Ending {
  const listening = new Set(listeningPorts().map(({ port }) => port));
  const ports = new Set([...told.portsClosed, ...told.portsOpen, ...(found?.portsClosed ?? [])]);
  const open = new Set([...told.portsOpen.filter((port) => listening.has(port)), ...(found?.portsOpen ?? [])]);
  const processes = told.processes - told.left + Math.max(told.left, found?.processes ?? 0);
  return {
    ...told,
    ...(found?.gpu === undefined ? {} : { gpu: found.gpu }),
    processes,
    killed: Math.min(processes, told.killed + (found?.killed ?? 0)),
    left: found?.left ?? 0,
    portsClosed: [...ports].filter((port) => !open.has(port)),
    portsOpen: [...open],
    tookMs,
  };
}

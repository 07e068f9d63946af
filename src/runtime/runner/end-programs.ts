import { gpuMemoryOf } from "../base/gpu-memory.js";
import { givenBackPorts } from "../base/given-back-ports.js";
import { listeningPortsOf } from "../base/listening-ports.js";
import type { Ending } from "../protocol/runs.js";
import { type Ended, endProcesses } from "./end-processes.js";
import type { StopRequest } from "./stop-request.js";

export interface ProgramsOfRun {
  /** Everything the run has started and that still lives. */
  find(): number[];
  /** Process ids of the shells that wait for what they started. */
  shells(): readonly number[];
  /** How far the end is; the last one says how it was. */
  onEnding(ending: Ending): void;
  /** The folder that holds the folders of all runs. */
  runs: string;
  warn(message: string): void;
}

/** What programs get to end by themselves when their script is over or has failed; a stop brings its own time. */
export const PROGRAMS_GRACE_MS = 3_000;
const LONGEST_INTERRUPT_MS = 1_000;

/** Ends everything the run has started, wherever it went, and proves it: no process, port or GPU memory of it is left. */
export function programsEnder(programs: ProgramsOfRun, stop: StopRequest): () => Promise<void> {
  /** Those that this process got from whoever started it are not the run's. */
  const foreign = new Set(listeningPortsOf([process.pid]).map(({ socket }) => socket));
  let present: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    const found = programs.find();
    if (found.length === 0) return;
    const asked = performance.now();
    const listening = listeningPortsOf(found).filter(({ socket }) => !foreign.has(socket));
    const gpu = await gpuMemoryOf(found, programs);
    const began = performance.now();
    const own = began + (stop.isMade ? Number.POSITIVE_INFINITY : PROGRAMS_GRACE_MS);
    const graceMs = (): number => Math.min(stop.by, own) - began;
    const told = (sofar: Ended): Ending => ({
      ...{ ...sofar, ...givenBackPorts(listening) },
      tookMs: performance.now() - asked,
    });
    const ended = await endProcesses({
      find: programs.find,
      shells: programs.shells(),
      interruptMs: Math.min(LONGEST_INTERRUPT_MS, graceMs() / 3),
      graceMs,
      onRound: (sofar) => programs.onEnding(told(sofar)),
    });
    const givenBack = (await gpu?.givenBack()) ?? null;
    if (givenBack !== null) programs.onEnding({ ...told(ended), gpu: givenBack });
    if (ended.left > 0) programs.warn(`${ended.left} processes of this run could not be ended`);
    const { portsOpen } = givenBackPorts(listening);
    if (portsOpen.length > 0) programs.warn(`Another program has taken over port ${portsOpen.join(", ")} of this run`);
  };
  // Whoever asks while it goes on waits for the same end: a second Ctrl-C would make programs drop everything.
  return () => (present ??= end().finally(() => (present = null)));
}

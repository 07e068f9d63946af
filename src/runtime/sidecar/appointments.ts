import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import type { Log } from "../base/log.js";
import { bootId, startTimeOf } from "../base/processes.js";
import { RunId } from "../protocol/ids.js";

/** What is known of one script that is, or may be, started again. */
const Appointment = z.object({
  file: z.string(),
  /** The run that it is about: the one that has failed, or the one that was started since. */
  run: RunId,
  wasReady: z.boolean(),
  /** When it was started again. */
  tries: z.array(z.string()),
  /** When it will be, or null. */
  at: z.string().nullable(),
  most: z.number(),
  env: z.record(z.string(), z.string()).optional(),
});
export type Appointment = z.infer<typeof Appointment>;

const Kept = z.object({ boot: z.string(), appointments: z.array(Appointment) });

/** Nothing is put off for longer, unless the clock was set back meanwhile. */
const LONGEST_MS = 15 * 60_000;

const thisBoot = (): string => `${bootId()} ${startTimeOf(1) ?? ""}`;

interface AppointmentsOptions {
  /** Where they are kept for the next sidecar; null where nothing may be written. */
  file: string | null;
  log: Log;
  onDue(appointment: Appointment): void;
}

/** Scripts that are started again by themselves, by file. They hold for this start of the machine. */
export class Appointments {
  readonly #options: AppointmentsOptions;
  readonly #known = new Map<string, Appointment>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(options: AppointmentsOptions) {
    this.#options = options;
  }

  get(file: string): Appointment | undefined {
    return this.#known.get(file);
  }

  get files(): string[] {
    return [...this.#known.keys()];
  }

  get isWaiting(): boolean {
    return this.#timers.size > 0;
  }

  /** The one that a run waits for, or null. */
  of(run: RunId): (Appointment & { at: string }) | null {
    for (const found of this.#known.values()) {
      if (found.run === run && found.at !== null) return { ...found, at: found.at };
    }
    return null;
  }

  set(appointment: Appointment): void {
    this.#put(appointment);
    this.#keep();
  }

  delete(file: string): void {
    this.#stopWaiting(file);
    this.#known.delete(file);
    this.#keep();
  }

  /** Takes over those of the sidecar before that still mean something. */
  recall(isMeant: (appointment: Appointment) => boolean): void {
    if (this.#options.file === null) return;
    const state = readState(this.#options.file, Kept);
    if (state.kind !== "read" || state.value.boot !== thisBoot()) return;
    for (const appointment of state.value.appointments) if (isMeant(appointment)) this.#put(appointment);
  }

  close(): void {
    for (const file of [...this.#timers.keys()]) this.#stopWaiting(file);
  }

  #put(appointment: Appointment): void {
    const { file, at } = appointment;
    this.#stopWaiting(file);
    this.#known.set(file, appointment);
    if (at === null) return;
    const due = (): void => {
      this.#timers.delete(file);
      this.#options.onDue(appointment);
    };
    this.#timers.set(file, setTimeout(due, Math.min(LONGEST_MS, Math.max(0, Date.parse(at) - Date.now()))));
  }

  #stopWaiting(file: string): void {
    clearTimeout(this.#timers.get(file));
    this.#timers.delete(file);
  }

  #keep(): void {
    const { file, log } = this.#options;
    if (file === null) return;
    const kept: z.infer<typeof Kept> = { boot: thisBoot(), appointments: [...this.#known.values()] };
    try {
      writeJsonAtomic(file, kept, 0o600);
    } catch (error) {
      log.write("warn", "appointments not kept", { error: String(error) });
    }
  }
}

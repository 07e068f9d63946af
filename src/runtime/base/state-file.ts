import { readFileSync, statSync } from "node:fs";
import type * as z from "zod";
import { PinokioError } from "../protocol/errors.js";
import { readState, writeJsonAtomic } from "./atomic-file.js";
import { isOutOfSpace } from "./file-errors.js";

export interface StateFileOptions<Schema extends z.ZodType> {
  path: string;
  /** What we write; the schema's `version` says the same. */
  version: number;
  schema: Schema;
  empty: z.output<Schema>;
  /** False where the home may only be looked at: then nothing is renamed either. */
  mayWrite: boolean;
  /** Told once of each thing that keeps the file from being used. A function that it returns is called when that is over. */
  onProblem(problem: PinokioError): unknown;
}

type Change<Schema extends z.ZodType> = (value: z.output<Schema>) => z.output<Schema>;

/**
 * A state file that people may edit while we run. What they wrote is taken over before we write; what cannot be used is
 * set aside, and the file of a newer version is left alone.
 */
export class StateFile<Schema extends z.ZodType> {
  readonly #options: StateFileOptions<Schema>;
  #value: z.output<Schema>;
  #stamp = "";
  #problem: PinokioError | null = null;
  #takeBack: unknown = null;
  /** What has happened and could not be written yet. */
  #waiting: Change<Schema>[] = [];

  constructor(options: StateFileOptions<Schema>) {
    this.#options = options;
    this.#value = options.empty;
    this.look();
  }

  get value(): z.output<Schema> {
    return this.#value;
  }

  /** Takes over what somebody else has written. Returns whether there was something. */
  look(): boolean {
    const stamp = stampOf(this.#options.path);
    if (stamp === this.#stamp) return false;
    this.#stamp = stamp;
    if (stamp === "missing") {
      this.#solve(); // who removes the file by hand takes away what ailed it, and not from us what was in it
      return false;
    }
    const before = this.#value;
    this.#read();
    return this.#value !== before;
  }

  /** Throws where what the file holds is not known. */
  requireRead(): void {
    this.look();
    if (this.#problem !== null) throw this.#problem;
  }

  /** Throws and changes nothing when it cannot be written. */
  change(make: Change<Schema>): z.output<Schema> {
    this.look();
    const { mayWrite } = this.#options;
    if (!mayWrite) throw new PinokioError("home-read-only", "This home can only be looked at here");
    const next = make(this.#value);
    if (next !== this.#value) this.#write(next);
    return next;
  }

  /**
   * As `change`, for what has happened whether it can be written or not: where the disk is full, it is known from here on
   * and waits. Returns whether it is written.
   */
  note(make: Change<Schema>): boolean {
    try {
      this.change(make);
      return true;
    } catch (error) {
      if (!isOutOfSpace(error)) throw error;
      this.#value = make(this.#value);
      this.#waiting.push(make);
      return false;
    }
  }

  /** Writes what waits, if there is room by now. Returns whether nothing waits any more. */
  writeWaiting(): boolean {
    this.look();
    if (this.#waiting.length === 0) return true;
    try {
      this.#write(this.#value);
      return true;
    } catch {
      return false;
    }
  }

  #write(next: z.output<Schema>): void {
    if (this.#problem !== null) throw this.#problem; // what is in it would be lost
    const { path } = this.#options;
    writeJsonAtomic(path, next);
    this.#stamp = stampOf(path);
    this.#value = next;
    this.#waiting = [];
  }

  #read(): void {
    const { path, version, schema, mayWrite } = this.#options;
    this.#solve();
    const written = versionIn(path);
    if (written !== null && written > version) return this.#refuse(newer(path, written, version));
    if (!mayWrite) return this.#readOnly(written);
    const state = readState(path, schema);
    if (state.kind === "read") this.#value = this.#waiting.reduce((value, make) => make(value), state.value);
    if (state.kind === "set-aside") this.#options.onProblem(state.error); // what we know stays, and is written next
    if (state.kind === "unreadable") this.#refuse(state.error);
  }

  #readOnly(written: number | null): void {
    const { path, schema } = this.#options;
    const checked = written === null ? null : schema.safeParse(jsonIn(path));
    if (checked?.success === true) this.#value = checked.data;
    else this.#refuse(new PinokioError("state-unreadable", `${path} cannot be read`, { hint: "Correct it by hand" }));
  }

  #refuse(problem: PinokioError): void {
    this.#problem = problem;
    this.#takeBack = this.#options.onProblem(problem);
  }

  #solve(): void {
    if (typeof this.#takeBack === "function") this.#takeBack();
    this.#problem = this.#takeBack = null;
  }
}

const newer = (path: string, written: number, version: number): PinokioError =>
  new PinokioError(
    "state-unreadable",
    `${path} was written by a newer PinokioCloud: its version is ${written}, this one knows ${version}`,
    { hint: "Update PinokioCloud; until then nothing in it is shown or changed" },
  );

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function versionIn(path: string): number | null {
  const value = jsonIn(path);
  const version: unknown = typeof value === "object" && value !== null && "version" in value ? value.version : null;
  return typeof version === "number" ? version : null;
}

function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch {
    return "missing";
  }
}

import { hashOfFile } from "../base/file-hash.js";
import { toPlainData, toPlainRecord } from "../base/plain-data.js";
import type { RunId } from "../protocol/ids.js";
import type { ResumePoint } from "../protocol/resume.js";
import type { ScriptEvent } from "../script/interpreter.js";

export interface RetryPointWorld {
  file: string;
  local(): unknown;
  /** Programs of earlier steps that are still there; a run that goes on has none of them. */
  openShells(): number;
}

interface Place {
  index: number;
  input: unknown;
}

/** Finds out while a script runs where another run could go on should it fail. */
export class RetryPoint {
  readonly #world: RetryPointWorld;
  #methods: readonly string[] = [];
  /** The step that runs, unless what it stands on would be missing. */
  #present: Place | null = null;
  #failed: Place | null = null;
  #child: ResumePoint | null = null;

  constructor(world: RetryPointWorld) {
    this.#world = world;
  }

  note(event: ScriptEvent): void {
    switch (event.type) {
      case "started":
        this.#methods = event.methods;
        break;
      case "step":
        this.#present = this.#world.openShells() > 0 ? null : { index: event.index, input: event.input };
        break;
      case "failed":
        this.#failed = this.#present;
        break;
      case "result":
        this.#failed = null; // the script wanted to go on
        break;
      default:
    }
  }

  /** A script that the present step had started has failed. This one may go on, and fail later for want of it. */
  childFailed(id: RunId): void {
    if (this.#present !== null) this.#child ??= this.#pointAt(this.#present, id);
  }

  /** What is kept of a run that is over; null where starting again is all that can be done. */
  found(): ResumePoint | null {
    if (this.#child !== null) return this.#child;
    return this.#failed === null || this.#failed.index === 0 ? null : this.#pointAt(this.#failed, null);
  }

  #pointAt({ index, input }: Place, child: RunId | null): ResumePoint | null {
    const local = this.#world.local();
    const plain = { input: toPlainData(input), local: toPlainRecord(local) };
    if (!isWhole({ input, local }, plain)) return null;
    const { file } = this.#world;
    const hash = hashOfFile(file);
    return hash === null ? null : { file, hash, index, methods: [...this.#methods], ...plain, child };
  }
}

/** Whether it can be given to another process without loss. */
function isWhole(value: unknown, plain: unknown): boolean {
  try {
    return JSON.stringify(value) === JSON.stringify(plain);
  } catch {
    return false;
  }
}

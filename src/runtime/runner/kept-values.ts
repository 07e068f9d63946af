import { statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import { setPath } from "../base/dotted-path.js";
import { toPlainRecord } from "../base/plain-data.js";
import { PinokioError } from "../protocol/errors.js";

const Kept = z.record(z.string(), z.unknown());

/** Local variables that an app's scripts find again at their next run: the file `LOCAL` beside `ENVIRONMENT`. */
export class KeptValues {
  readonly #file: string | null;

  /** `app` is the app's folder, or null for a script that belongs to none. */
  constructor(app: string | null) {
    this.#file = app === null ? null : join(isFolder(join(app, "pinokio")) ? join(app, "pinokio") : app, "LOCAL");
  }

  /** What a run begins with. */
  get defaults(): Record<string, unknown> {
    const local = {};
    for (const [key, value] of Object.entries(this.#read())) setPath(local, key, value);
    return local;
  }

  /** Keeps values by their dotted keys. */
  keep(values: object): void {
    if (this.#file === null) {
      throw new PinokioError("step-failed", "This script belongs to no app, so its variables cannot be kept", {
        hint: "Put the script below the home's api folder",
      });
    }
    writeJsonAtomic(this.#file, { ...this.#read(), ...toPlainRecord({ ...values }) });
  }

  #read(): Record<string, unknown> {
    if (this.#file === null) return {};
    const found = readState(this.#file, Kept);
    return found.kind === "read" ? found.value : {};
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

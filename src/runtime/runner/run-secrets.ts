import type { Buffer } from "node:buffer";
import { writeJsonAtomic } from "../base/atomic-file.js";
import { maskData } from "../base/mask-data.js";
import { maskCutOff, maskSecrets } from "../base/mask-secrets.js";
import { secretBytes } from "../base/secret-bytes.js";
import { secretValues } from "../environments/secrets.js";
import { isSecretSetting } from "../protocol/secret-names.js";

const DEEPEST = 4;
const MOST_VALUES = 200;
const ONLY_OURS = 0o600;

/**
 * All that is secret for one run: whatever its programs, steps and code can see of it is learnt here before they do. It
 * lies beside the run's output, for whoever shows that, and stays true when a variable is changed later.
 */
export class RunSecrets {
  readonly #file: string;
  readonly #values = new Set<string>();
  #bytes: readonly Buffer[] = [];
  #isWritten = true;

  constructor(file: string) {
    this.#file = file;
  }

  get bytes(): readonly Buffer[] {
    return this.#bytes;
  }

  readonly hide = (text: string): string => maskSecrets(text, this.#bytes);
  readonly hideCutOff = (text: string): string => maskCutOff(text, this.#bytes);
  readonly hideIn = <T>(value: T): T => maskData(value, this.#bytes);

  learnVariables(variables: Readonly<Record<string, string | undefined>>): void {
    this.add(secretValues(variables));
  }

  /** What parameters, settings or answers say by their names. */
  learnFrom(value: unknown): void {
    const found: string[] = [];
    let left = MOST_VALUES;
    const look = (node: unknown, depth: number): void => {
      if (typeof node !== "object" || node === null || depth > DEEPEST) return;
      for (const [name, element] of Object.entries(node)) {
        if (left-- <= 0) return;
        if (typeof element !== "string") look(element, depth + 1);
        else if (isSecretSetting([name])) found.push(...secretValues({ SECRET: element }));
      }
    };
    try {
      look(value, 1);
    } catch {
      // a getter of the script's own that throws
    }
    this.add(found);
  }

  add(values: readonly string[]): void {
    const before = this.#values.size;
    for (const value of values) if (value !== "") this.#values.add(value);
    if (this.#values.size !== before) {
      this.#bytes = secretBytes(this.#values);
      this.#isWritten = false;
    }
    if (!this.#isWritten) this.#write();
  }

  #write(): void {
    try {
      writeJsonAtomic(this.#file, [...this.#values], ONLY_OURS);
      this.#isWritten = true;
    } catch {
      // a full disk: tried again whenever something is learnt
    }
  }
}

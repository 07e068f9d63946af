import type { Buffer } from "node:buffer";

/** A mark that terminals do not show: the shell waits for input. */
const PROMPT_MARK = "\x1b]133;A\x07";
/** What bash is told to do before it waits: print the mark. */
export const TELL_PROMPT = "printf '\\033]133;A\\007'";

/** Counts marks in output that arrives in pieces. */
export class PromptCounter {
  #rest = "";

  add(bytes: Buffer): number {
    const parts = (this.#rest + bytes.toString("latin1")).split(PROMPT_MARK);
    this.#rest = parts.at(-1)?.slice(-(PROMPT_MARK.length - 1)) ?? "";
    return parts.length - 1;
  }
}

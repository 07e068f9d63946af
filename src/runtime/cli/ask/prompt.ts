import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Asks a person at a terminal for lines. */
export interface Prompt {
  /** Writes words, and a line break. */
  say(text: string): void;
  /** Rejects with the signal's reason, and when the person ends the input (Ctrl-D) or wants to leave (Ctrl-C). */
  line(text: string, how?: { secret?: boolean; initial?: string }): Promise<string>;
}

/** The person does not want to answer now. */
export class PromptLeft extends Error {}

/** Whether somebody can be asked: standard output may be a file, the questions go to standard error. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Whether the answer to a question is yes. */
export async function saysYes(question: string): Promise<boolean> {
  const answer = await openPrompt(new AbortController().signal).line(`${question} [y/N] `);
  return /^y(?:es)?$/i.test(answer.trim());
}

export function openPrompt(signal: AbortSignal): Prompt {
  return {
    say: (text) => void process.stderr.write(`${text}\n`),
    line: (text, { secret = false, initial = "" } = {}) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        let isHidden = false;
        const output = new Writable({
          write: (chunk: Buffer, _, done) => {
            if (!isHidden) process.stderr.write(chunk);
            done();
          },
        });
        const reader = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
        const leave = (reason: unknown): void => {
          finish();
          process.stderr.write("\n");
          reject(reason as Error);
        };
        const onAbort = (): void => leave(signal.reason);
        const finish = (): void => {
          signal.removeEventListener("abort", onAbort);
          reader.removeAllListeners("close");
          reader.close();
        };
        signal.addEventListener("abort", onAbort, { once: true });
        reader.on("SIGINT", () => leave(new PromptLeft("Left with Ctrl-C")));
        reader.on("close", () => leave(new PromptLeft("The input ended")));
        reader.question(text, (answer) => {
          finish();
          if (secret) process.stderr.write("\n");
          resolve(answer);
        });
        if (secret)
          isHidden = true; // the question stands there by now
        else if (initial !== "") reader.write(initial);
      }),
  };
}

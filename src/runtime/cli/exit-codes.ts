import type { WireError } from "../protocol/errors.js";
import type { Run } from "../protocol/runs.js";
import type { Followed } from "./start-and-follow.js";

/** What the command line answers to the shell that called it. Documented in docs/reference/cli.md. */
export const EXIT = { done: 0, failed: 1, usage: 2, waiting: 3, warnings: 4 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How following a run reads as an exit code. */
export const EXIT_OF: Record<Followed["outcome"], ExitCode> = {
  ready: EXIT.done,
  already: EXIT.done,
  finished: EXIT.done,
  failed: EXIT.failed,
  crashed: EXIT.failed,
  lost: EXIT.failed,
  stopped: EXIT.waiting,
  timeout: EXIT.waiting,
  waiting: EXIT.waiting,
};

/** How a run's state reads as one. */
export function exitCodeOf(run: Run): ExitCode {
  if (run.state === "ready") return EXIT.done;
  return run.end === null ? EXIT.waiting : EXIT_OF[run.end.outcome];
}

/** How a command that could not go on reads as one: what a person has ended has not failed. */
export const exitCodeOfError = ({ code }: WireError): ExitCode => (code === "cancelled" ? EXIT.waiting : EXIT.failed);

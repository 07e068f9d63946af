import type { Run } from "../protocol/runs.js";

/** What the command line answers to the shell that called it. Documented in docs/reference/cli.md. */
export const EXIT = { done: 0, failed: 1, usage: 2, waiting: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a run's state reads as an exit code. */
export function exitCodeOf(run: Run): ExitCode {
  if (run.state === "ready") return EXIT.done;
  if (run.end === null) return EXIT.waiting;
  switch (run.end.outcome) {
    case "finished":
      return EXIT.done;
    case "stopped":
      return EXIT.waiting;
    case "failed":
    case "crashed":
    case "lost":
      return EXIT.failed;
  }
}

import type { SidecarClient } from "../client/sidecar-client.js";
import { PinokioError } from "../protocol/errors.js";
import type { JobId } from "../protocol/ids.js";
import { isBytes, isUnderWay, type Job, phaseText } from "../protocol/jobs.js";
import { sizeText } from "../protocol/sizes.js";
import { canAsk, openPrompt } from "./ask/prompt.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { copyOutput } from "./follow-run.js";
import type { Session } from "./session.js";
import { errorText, onOneLine } from "./words.js";

const LOOK_EVERY_MS = 1_000;

/** Waits for a job and says meanwhile what it is at. Ctrl-C ends it where that leaves nothing half done. */
export async function followChange(session: Session, client: SidecarClient, started: Job): Promise<Job> {
  let job = started;
  let said = "";
  let output: ReturnType<typeof copyOutput> | null = null;
  const onInterrupt = (): void => void endOrLeave(session, client, job.id);
  process.on("SIGINT", onInterrupt);
  try {
    for (;;) {
      const text = doing(job);
      if (text !== said && isUnderWay(job) && !session.json && output === null) session.note(text);
      said = text;
      if (job.runId !== null && !session.json) output ??= copyOutput(client, job.runId, process.stdout);
      if (!isUnderWay(job)) break;
      job = await client.request("jobs.wait", { jobId: job.id, waitMs: LOOK_EVERY_MS });
    }
    await output?.ended;
    return job;
  } finally {
    output?.close();
    process.removeListener("SIGINT", onInterrupt);
  }
}

/** How a job ended, as an exit code; what failed is said. */
export function exitCodeOfJob(session: Session, { state, error, title }: Job): ExitCode {
  if (state === "done") return EXIT.done;
  if (session.json) return state === "cancelled" ? EXIT.waiting : EXIT.failed;
  session.note(error === null ? onOneLine(`${title}: cancelled`) : errorText(error));
  return state === "cancelled" ? EXIT.waiting : EXIT.failed;
}

/** Whether a person wants it. Throws where nobody can be asked. */
export async function wants(session: Session, what: string, loss: string): Promise<boolean> {
  if (session.json || !canAsk()) {
    throw new PinokioError("request-invalid", `${what}, and nobody has said yes`, {
      hint: "Look at what it does, then repeat the command with --yes",
    });
  }
  const answer = await openPrompt(new AbortController().signal).line(`${onOneLine(loss)}? [y/N] `);
  return /^y(?:es)?$/i.test(answer.trim());
}

async function endOrLeave(session: Session, client: SidecarClient, jobId: JobId): Promise<void> {
  try {
    await client.request("jobs.cancel", { jobId });
  } catch {
    session.note("\nIt cannot end here without leaving something half done: it goes on");
    process.exit(130);
  }
}

function doing(job: Job): string {
  const { phase, progress } = job;
  if (progress === null) return phaseText(phase);
  const amount = (value: number): string => (isBytes(progress) ? sizeText(value) : `${value} ${progress.unit}`);
  const total = progress.total === null ? "" : ` of ${amount(progress.total)}`;
  return `${phaseText(phase)}: ${amount(progress.done)}${total}`;
}

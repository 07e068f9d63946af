import type { SidecarClient } from "../client/sidecar-client.js";
import { PinokioError } from "../protocol/errors.js";
import { isBytes, isUnderWay, type Job, phaseText } from "../protocol/jobs.js";
import { sizeText } from "../protocol/sizes.js";
import { canAsk, saysYes } from "./ask/prompt.js";
import { endOrLeave } from "./end-or-leave.js";
import { EXIT, type ExitCode } from "./exit-codes.js";
import { copyOutput } from "./follow-run.js";
import type { Session } from "./session.js";
import { errorText, onOneLine } from "./words.js";

const LOOK_EVERY_MS = 1_000;

/**
 * Waits for a job and says meanwhile what it is at. Ctrl-C ends it where that leaves nothing half done. `afterLoss` says
 * how the work stands for the sidecar that comes after one that was lost.
 */
export async function followChange(
  session: Session,
  client: SidecarClient,
  started: Job,
  afterLoss?: () => Promise<Job>,
): Promise<Job> {
  let job = started;
  let said = "";
  let output: ReturnType<typeof copyOutput> | null = null;
  const end = (): Promise<boolean> => client.request("jobs.cancel", { jobId: job.id }).then(() => true);
  const follow = async (): Promise<Job> => {
    for (;;) {
      const text = doing(job);
      if (text !== said && isUnderWay(job) && !session.json && output === null) session.note(text);
      said = text;
      if (job.runId !== null && !session.json) output ??= copyOutput(client, job.runId, process.stdout);
      if (!isUnderWay(job)) break;
      job = await client.request("jobs.wait", { jobId: job.id, waitMs: LOOK_EVERY_MS }).catch((error: unknown) => {
        if (afterLoss === undefined || !isLoss(error)) throw error;
        return afterLoss();
      });
    }
    await output?.ended;
    return job;
  };
  return endOrLeave(session, end, follow).finally(() => output?.close());
}

/** Whether the sidecar was lost, or this is another one that knows nothing of the job. */
export const isLoss = (error: unknown): boolean =>
  error instanceof PinokioError && (error.code === "not-connected" || error.code === "job-missing");

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
  return saysYes(`${onOneLine(loss)}?`);
}

/** What others need is not taken away from them, whatever a person says yes to, until they name that. */
export function heedUse(name: string, users: readonly string[]): void {
  if (users.length === 0) return;
  throw new PinokioError("app-busy", onOneLine(`${name} is ${users.join(" and ")}`), {
    hint: "Take it away all the same with --despite-use, only if they can do without it",
  });
}

/** The title of an import says which of the apps it is at. */
function doing({ kind, title, phase, progress }: Job): string {
  const what = kind === "import" ? `${onOneLine(title)}: ${phaseText(phase)}` : phaseText(phase);
  if (progress === null) return what;
  const { done, total, unit } = progress;
  if (isBytes(progress)) return `${what}: ${sizeText(done)}${total === null ? "" : ` of ${sizeText(total)}`}`;
  return `${what}: ${done}${total === null ? "" : ` of ${total}`} ${unit}`;
}

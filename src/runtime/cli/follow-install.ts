import type { SidecarClient } from "../client/sidecar-client.js";
import { fromWireError, PinokioError } from "../protocol/errors.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isUnderWay, type Job } from "../protocol/jobs.js";
import type { ReplyOf } from "../protocol/requests.js";
import { isLive, type Run } from "../protocol/runs.js";
import { quotedWord } from "../base/command-words.js";
import { waitAndAnswer } from "./ask/answer-open.js";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-codes.js";
import { failureOf } from "./failure-of.js";
import { askUntilAnswered, copyOutput } from "./follow-run.js";
import { followSize } from "./follow-size.js";
import type { Session } from "./session.js";
import { installOf, wayOn } from "./unfinished.js";
import { errorText, failureText } from "./words.js";

type Begun = ReplyOf<"apps.install">;

const LOOK_EVERY_MS = 1_000;

/** Begins an installation and shows it until it is over. Ctrl-C ends it, and what is there can be gone on with. */
export async function followInstall(
  session: Session,
  client: SidecarClient,
  expected: AppId,
  begin: () => Promise<Begun>,
): Promise<ExitCode> {
  const stopListening = endOnInterrupt(session, client, expected);
  try {
    const begun = await begin().catch((error: unknown) => begunBefore(client, expected, error));
    const { appId } = begun;
    const job = begun.runId === null ? await untilItRuns(session, client, begun.job) : begun.job;
    const runId = begun.runId ?? job.runId;
    if (runId !== null) return await followScript(session, client, appId, runId);
    const isCancelled = job.state === "cancelled";
    if (session.json) session.print(JSON.stringify({ appId, run: null }));
    else if (isCancelled) session.note(`${appId} was not installed: that was ended before it began`);
    else session.print(`Installed ${appId}`);
    return isCancelled ? EXIT.waiting : EXIT.done;
  } finally {
    stopListening();
  }
}

function endOnInterrupt(session: Session, client: SidecarClient, app: AppId): () => void {
  let isAsked = false;
  const onInterrupt = (): void => {
    if (isAsked) process.exit(130);
    isAsked = true;
    session.note(`\nEnding the installation of ${app}; Ctrl-C again leaves that to the background`);
    void endInstall(client, app).catch(() => {
      session.note(`It cannot be ended here and goes on; stop it with: pinokiocloud stop ${quotedWord(app)}`);
      process.exit(130);
    });
  };
  process.on("SIGINT", onInterrupt);
  return () => process.removeListener("SIGINT", onInterrupt);
}

async function endInstall(client: SidecarClient, app: AppId): Promise<void> {
  const job = installOf(await client.request("jobs.list", {}), app);
  if (job === null) throw new PinokioError("job-missing", `${app} is not being installed`);
  await client.request("jobs.cancel", { jobId: job.id });
}

/** The sidecar was lost before it answered; what had begun goes on, and the next one shows it. */
async function begunBefore(client: SidecarClient, appId: AppId, error: unknown): Promise<Begun> {
  if (!(error instanceof PinokioError) || error.code !== "not-connected") throw error;
  const job = installOf(await askUntilAnswered(() => client.request("jobs.list", {})), appId);
  if (job === null) throw error;
  return { appId, runId: job.runId, job };
}

/** Waits until the installation has begun to run its script, or is over without one. */
async function untilItRuns(session: Session, client: SidecarClient, started: Job): Promise<Job> {
  let job = started;
  if (job.state === "waiting" && !session.json) session.note("It waits for its turn: other installations come first");
  while (isUnderWay(job) && job.runId === null) {
    job = await client.request("jobs.wait", { jobId: job.id, waitMs: LOOK_EVERY_MS });
  }
  if (job.error !== null && job.runId === null) throw fromWireError(job.error);
  return job;
}

async function followScript(session: Session, client: SidecarClient, appId: AppId, runId: RunId): Promise<ExitCode> {
  const output = session.json ? null : copyOutput(client, runId, process.stdout);
  if (!session.json) followSize(client, runId);
  const { waiting, ...run } = await waitAndAnswer(session, client, runId, { output });
  if (isLive(run)) await output?.caughtUp(run.outputBytes);
  else await output?.ended;
  output?.close();
  const failure = await failureOf(client, run);
  if (session.json) session.print(JSON.stringify({ appId, run: failure === null ? run : { ...run, failure } }));
  else if (waiting === true) session.note(`It waits for you; answer with: pinokiocloud answer ${runId}`);
  else if (run.end?.error) session.note(errorText(run.end.error));
  else if (!isOver(run)) session.print(`Installed ${appId}. Start it with: pinokiocloud run ${quotedWord(appId)}`);
  if (session.json) return exitCodeOf(run);
  if (failure !== null) session.note(failureText(failure));
  if (isOver(run)) session.note(notInstalled(appId, run));
  return exitCodeOf(run);
}

/** Ended without having installed the app. */
const isOver = ({ end }: Run): boolean => end !== null && end.outcome !== "finished";

function notInstalled(appId: AppId, { script, end }: Run): string {
  const file = script.slice(appId.length + 1);
  const how = end?.outcome === "stopped" ? "was stopped" : end?.outcome === "failed" ? "failed" : "was cut off";
  return `${appId} is not installed yet: ${file} ${how}. ${wayOn(appId)}`;
}

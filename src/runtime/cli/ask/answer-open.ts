import { setTimeout as delay } from "node:timers/promises";
import type * as z from "zod";
import type { SidecarClient } from "../../client/sidecar-client.js";
import { toWireError } from "../../protocol/errors.js";
import type { RunId } from "../../protocol/ids.js";
import type { ReplyOf } from "../../protocol/requests.js";
import { isLive, type Question, type Run } from "../../protocol/runs.js";
import { waitForRun } from "../follow-run.js";
import type { Session } from "../session.js";
import { errorText, onOneLine } from "../words.js";
import { askQuestion } from "./ask-question.js";
import { canAsk, openPrompt, PromptLeft } from "./prompt.js";

const LOOK_EVERY_MS = 1_000;
/** After this a run that was answered has usually gone on. */
const ANSWER_ARRIVES_MS = 50;

/** Questions that a run has open, or a script that it has started. */
export function openQuestions(runId: RunId, runs: readonly Run[]): { run: Run; question: Question }[] {
  const belongs = (run: Run | undefined): boolean =>
    run !== undefined && (run.id === runId || belongs(runs.find(({ id }) => id === run.parent)));
  return runs
    .filter((run) => isLive(run) && belongs(run))
    .flatMap((run) => (run.questions ?? []).map((question) => ({ run, question })));
}

/**
 * Asks the person what a run has open, save what is in `answered`, which grows. Returns false when they want to leave.
 */
export async function answerOpen(
  session: Session,
  client: SidecarClient,
  runId: RunId,
  answered = new Set<string>(),
): Promise<boolean> {
  for (const { run, question } of openQuestions(runId, await client.request("runs.list", {}))) {
    if (answered.has(question.id)) continue;
    session.note(`\n${onOneLine(run.script)} asks:`);
    if (!(await answerOne(session, client, run, question))) return false;
    answered.add(question.id);
  }
  return true;
}

/** As `waitForRun`; whoever sits at the terminal is asked what the run asks. */
export async function waitAndAnswer(
  session: Session,
  client: SidecarClient,
  runId: RunId,
  { limitMs = Infinity, output }: { limitMs?: number; output: { caughtUp(bytes: number): Promise<void> } | null },
): Promise<ReplyOf<"runs.wait">> {
  const end = performance.now() + limitMs;
  const answered = new Set<string>();
  for (;;) {
    const run = await waitForRun(client, runId, end - performance.now());
    if (run.waiting !== true || session.json || !canAsk() || performance.now() >= end) return run;
    await output?.caughtUp(run.outputBytes);
    if (!(await answerOpen(session, client, runId, answered))) return run;
    await delay(ANSWER_ARRIVES_MS);
  }
}

async function answerOne(session: Session, client: SidecarClient, run: Run, question: Question): Promise<boolean> {
  const gone = new AbortController();
  const look = setInterval(() => {
    client.request("runs.find", { runId: run.id }).then(
      (now) => {
        if (now?.questions?.some(({ id }) => id === question.id) !== true) gone.abort();
      },
      () => undefined, // the sidecar is away for a moment
    );
  }, LOOK_EVERY_MS);
  try {
    const value = (await askQuestion(question, openPrompt(gone.signal))) as z.infer<ReturnType<typeof z.json>>;
    await client.request("runs.answer", { runId: run.id, question: question.id, value });
  } catch (error) {
    if (error instanceof PromptLeft) return false;
    const told = toWireError(error);
    if (told.code === "answered-already") session.note("Somebody else was faster; your answer was not taken");
    else if (gone.signal.aborted) session.note("It does not ask any more: somebody has answered, or it was stopped");
    else session.note(errorText(told));
  } finally {
    clearInterval(look);
  }
  return true;
}

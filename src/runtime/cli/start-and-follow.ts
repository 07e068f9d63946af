import { randomUUID } from "node:crypto";
import type { SidecarClient } from "../client/sidecar-client.js";
import type { ParamsOf } from "../protocol/requests.js";
import { addressOf, isLive, type Outcome, type Run } from "../protocol/runs.js";
import { waitAndAnswer } from "./ask/answer-open.js";
import { canAsk } from "./ask/prompt.js";
import { failureOf } from "./failure-of.js";
import { askUntilAnswered, copyOutput } from "./follow-run.js";
import { followSize } from "./follow-size.js";
import type { Session } from "./session.js";
import { errorText, failureText, onOneLine } from "./words.js";

export interface Followed {
  run: Run;
  /** How the command saw it: `waiting` goes on and needs a person, `timeout` was stopped. */
  outcome: Outcome | "ready" | "already" | "waiting" | "timeout";
}

/** Starts a script, shows what it prints, and returns once it is ready or over. What passes the limit is stopped. */
export async function startAndFollow(
  session: Session,
  order: ParamsOf<"runs.start">,
  limitMs = Infinity,
): Promise<Followed> {
  const client = session.lastingClient();
  const key = randomUUID(); // asking again after the sidecar was lost must not start it again
  const unattended = session.json || !canAsk() || order.answers !== undefined;
  const wish = { ...order, key, unattended };
  const started = await askUntilAnswered(() => client.request("runs.start", wish));
  return followStarted(session, client, started, limitMs);
}

/** The same with what was started in another way. */
export async function followStarted(
  session: Session,
  client: SidecarClient,
  { run: started, already }: { run: Run; already: boolean },
  limitMs = Infinity,
): Promise<Followed> {
  if (already) {
    session.print(session.json ? JSON.stringify(started) : `${onOneLine(started.script)} runs already (${started.id})`);
    return { run: started, outcome: "already" };
  }
  if (started.state === "queued")
    session.note(onOneLine(`Waits for ${(started.waitsFor ?? []).join(", ")} to be ready`));
  const output = session.json ? null : copyOutput(client, started.id, process.stdout);
  const stopSize = session.json ? () => undefined : followSize(client, started.id);
  const onInterrupt = () => {
    session.note(`\nIt goes on as ${started.id}; stop it with: pinokiocloud stop ${started.id}`);
    process.exit(130);
  };
  process.once("SIGINT", onInterrupt);
  const { waiting, ...waited } = await waitAndAnswer(session, client, started.id, { limitMs, output });
  let run: Run = waited;
  let isLate = false;
  if (waiting !== true && run.state !== "ready" && isLive(run)) {
    isLate = true;
    session.note(`Stopped after ${limitMs} ms`);
    run = (await client.request("runs.stop", { runId: run.id })).run ?? run;
  }
  process.removeListener("SIGINT", onInterrupt);
  stopSize();
  if (isLive(run)) await output?.caughtUp(run.outputBytes);
  else await output?.ended;
  output?.close();
  const url = isLive(run) ? addressOf(run) : null;
  const failure = await failureOf(client, run);
  if (session.json) session.print(JSON.stringify(failure === null ? run : { ...run, failure }));
  else if (run.end?.error) session.note(errorText(run.end.error));
  else if (url !== null) session.note(`Ready: ${onOneLine(url)}`);
  if (failure !== null && !session.json) session.note(failureText(failure));
  if (waiting === true) session.note(`It waits for you; answer with: pinokiocloud answer ${run.id}`);
  if (isLate) return { run, outcome: "timeout" };
  if (waiting === true) return { run, outcome: "waiting" };
  return { run, outcome: run.end?.outcome ?? "ready" };
}

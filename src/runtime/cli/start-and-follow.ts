import { randomUUID } from "node:crypto";
import type { ParamsOf } from "../protocol/requests.js";
import { isLive, type Outcome, type Run } from "../protocol/runs.js";
import { askUntilAnswered, copyOutput, waitForRun } from "./follow-run.js";
import type { Session } from "./session.js";
import { errorText, onOneLine } from "./words.js";

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
  const { run: started, already } = await askUntilAnswered(() => client.request("runs.start", { ...order, key }));
  if (already) {
    session.print(session.json ? JSON.stringify(started) : `${onOneLine(started.script)} runs already (${started.id})`);
    return { run: started, outcome: "already" };
  }
  const output = session.json ? null : copyOutput(client, started.id, process.stdout);
  const onInterrupt = () => {
    session.note(`\nIt goes on as ${started.id}; stop it with: pinokiocloud stop ${started.id}`);
    process.exit(130);
  };
  process.once("SIGINT", onInterrupt);
  const { waiting, ...waited } = await waitForRun(client, started.id, limitMs);
  let run: Run = waited;
  let isLate = false;
  if (waiting !== true && run.state !== "ready" && isLive(run)) {
    isLate = true;
    session.note(`Stopped after ${limitMs} ms`);
    run = (await client.request("runs.stop", { runId: run.id })).run ?? run;
  }
  process.removeListener("SIGINT", onInterrupt);
  if (isLive(run)) await output?.caughtUp(run.outputBytes);
  else await output?.ended;
  output?.close();
  if (session.json) session.print(JSON.stringify(run));
  else if (run.end?.error) session.note(errorText(run.end.error));
  else if (typeof run.local["url"] === "string") session.note(`Ready: ${onOneLine(run.local["url"])}`);
  if (waiting === true) session.note(`It waits for an answer to what it asks, and goes on as ${run.id}`);
  if (isLate) return { run, outcome: "timeout" };
  if (waiting === true) return { run, outcome: "waiting" };
  return { run, outcome: run.end?.outcome ?? "ready" };
}

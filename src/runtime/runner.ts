import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { overMemoryOf } from "./base/cgroups.js";
import { errnoOf } from "./base/file-errors.js";
import { RunRequest } from "./protocol/channel.js";
import { toWireError } from "./protocol/errors.js";
import { buildParts } from "./runner/build-parts.js";
import { openChannel } from "./runner/channel.js";
import { killProcesses } from "./runner/end-processes.js";
import { PROGRAMS_GRACE_MS } from "./runner/end-programs.js";
import { keepRetryPoint, keepSteps, writeEnd } from "./runner/keep-run.js";
import { failureOutsideSteps, onOwnProcessEnded } from "./runner/outside-steps.js";
import { play } from "./runner/play-script.js";
import { StopRequest } from "./runner/stop-request.js";
import { tellReady } from "./runner/tell-ready.js";

/** One script from its first step until nothing of it is left; then this process ends. */
async function main(folder: string): Promise<void> {
  if (!begins(join(folder, "begun"))) return;
  const request = RunRequest.parse(JSON.parse(readFileSync(join(folder, "request.json"), "utf8")));
  const stop = new StopRequest();
  const parts = buildParts(folder, request, stop);
  const { state, output, shells } = parts;

  process.on("SIGHUP", () => undefined); // a closed terminal ends no run
  for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => parts.askToStop(PROGRAMS_GRACE_MS));
  const outsideSteps = failureOutsideSteps(request.script);
  onOwnProcessEnded((error) => {
    if (state.run.state === "ended") return;
    killProcesses(parts.findProcesses);
    parts.trace.error(undefined, error.message);
    parts.trace.end("failed");
    output.writeAtOnce();
    state.update({ outputBytes: output.size });
    state.end("failed", toWireError(error));
  });

  state.publish(); // before anybody hears of the run, so that it can be found again
  const channel = await openChannel({
    path: request.socket,
    tokenFile: request.tokenFile,
    run: () => state.run,
    onStop: parts.askToStop,
    onServing: () => parts.watchers.channel?.announceShared(state.record.global ?? {}, state.record.value),
    onServed: () => parts.requests.sendAgain(),
    onLeft: () => state.stayFindable(),
    onReply: (reply) => parts.requests.settle(reply),
    onScripts: (news) => parts.known.learn(news),
    onAnswer: (question, value) => parts.questions.answer(question, value),
    onTyped: (text) => shells.typed(text),
    onResize: (columns, rows) => shells.resize(columns, rows),
    onNice: (nice, because) => parts.beNice(nice, because),
    steps: (after) => parts.steps.since(after),
  }).catch(async (error: unknown) => {
    await writeEnd(state, { outcome: "failed", error: toWireError(error) });
    throw error;
  });
  parts.watchers.channel = channel;
  parts.requests.send = (id, name, params) => channel.request(id, name, params);
  tellReady();

  const end = await play(request, parts, stop, outsideSteps);
  await parts.endPrograms();
  await shells.allGone(LAST_OUTPUT_MS);
  await output.close();
  state.update({ outputBytes: output.size });
  parts.trace.end(end.outcome === "finished" || end.outcome === "stopped" ? end.outcome : "failed");
  keepSteps(folder, parts.steps);
  if (end.outcome !== "stopped") keepRetryPoint(folder, parts);
  const overMemory = overMemoryOf(request.groups);
  if (overMemory !== null) state.update({ overMemory });
  await writeEnd(state, end);
  await channel.close();
  process.exit(0);
}

/** False where another process is this run's runner already. */
function begins(mark: string): boolean {
  try {
    closeSync(openSync(mark, "wx", 0o600));
    return true;
  } catch (error) {
    return errnoOf(error) !== "EEXIST";
  }
}

const LAST_OUTPUT_MS = 1_000;

const runFolder = process.argv[2];
if (runFolder === undefined) {
  process.stderr.write("usage: runner.mjs <folder of the run>\n");
  process.exit(2);
}
try {
  await main(runFolder);
} catch (error) {
  // The last line is what the sidecar tells a person.
  if (error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

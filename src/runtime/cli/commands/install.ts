import { normalize } from "node:path";
import { createInterface } from "node:readline/promises";
import type { SidecarClient } from "../../client/sidecar-client.js";
import type { Inspection } from "../../protocol/apps.js";
import { fromWireError, PinokioError } from "../../protocol/errors.js";
import { type AppId, appIdOf, type RunId } from "../../protocol/ids.js";
import { isUnderWay, type Job } from "../../protocol/jobs.js";
import type { ReplyOf } from "../../protocol/requests.js";
import { isLive, type Run } from "../../protocol/runs.js";
import { waitAndAnswer } from "../ask/answer-open.js";
import { failureOf } from "../failure-of.js";
import { canAsk } from "../ask/prompt.js";
import { EXIT, type ExitCode, exitCodeOf } from "../exit-codes.js";
import { askUntilAnswered, copyOutput } from "../follow-run.js";
import { followSize } from "../follow-size.js";
import { inspectSource, sourceOf, type SourceOptions } from "../install-source.js";
import type { Session } from "../session.js";
import { errorText, failureText, onOneLine, printable } from "../words.js";
import type { AddCommand } from "./command.js";

interface InstallOptions extends SourceOptions {
  name?: string;
  script?: string;
  yes?: boolean;
  despiteWarning?: boolean;
  studio?: boolean;
}

const LOOK_EVERY_MS = 1_000;

export const addInstall: AddCommand = (program, inSession) => {
  program
    .command("install")
    .description("install an app: from the catalog, a repository or a folder")
    .argument("<source>", "a name from the catalog, owner/name on GitHub, the address of a repository, or a folder")
    .option("--name <name>", "the folder name it gets below api/")
    .option("--branch <name>", "of a repository: which branch or tag")
    .option("--commit <id>", "of a repository: exactly this commit")
    .option("--token-from <variable>", "of a private repository: the environment variable that holds a token")
    .option("--script <path>", "which of its install scripts to run, when it has several")
    .option("--studio", "for a while only: `studio end` keeps what it made and removes every trace of it")
    .option("--despite-warning", "also when the catalog warns of it")
    .option("-y, --yes", "agree to what its scripts will run, without being asked")
    .action((text: string, options: InstallOptions) => inSession((session) => install(session, text, options)));
};

async function install(session: Session, text: string, options: InstallOptions): Promise<ExitCode> {
  const { name, script, yes = false, despiteWarning = false, studio = false } = options;
  const chosen = {
    ...(name === undefined ? {} : { name: appIdOf(name) }),
    ...(script === undefined ? {} : { script: normalize(script) }),
  };
  const client = session.lastingClient();
  const source = await sourceOf(client, text, options);
  const inspection = await inspectSource(session, client, source, options);
  if (script === undefined) requireOneWay(session, inspection);
  showWarning(session, inspection, despiteWarning);
  if (!yes) await askToAgree(session, inspection);
  const order = {
    source: inspection.source,
    agreed: inspection.fingerprint,
    unattended: yes || session.json || !canAsk(),
    ...(despiteWarning ? { despiteWarning } : {}),
    ...(studio ? { studio } : {}),
    ...chosen,
  };
  const { appId, job, ...begun } = await client
    .request("apps.install", order)
    .catch((error: unknown) => begunBefore(client, chosen.name ?? inspection.name, error));
  const runId = begun.runId ?? (await runOf(session, client, job));
  if (runId !== null) return followInstall(session, client, appId, runId);
  session.print(session.json ? JSON.stringify({ appId, run: null }) : `Installed ${appId}`);
  return EXIT.done;
}

/** The sidecar was lost before it answered; what had begun goes on, and the next one shows it. */
async function begunBefore(client: SidecarClient, appId: AppId, error: unknown): Promise<ReplyOf<"apps.install">> {
  if (!(error instanceof PinokioError) || error.code !== "not-connected") throw error;
  const jobs = await askUntilAnswered(() => client.request("jobs.list", {}));
  const job = jobs.find((one) => one.kind === "install" && one.appId === appId && isUnderWay(one));
  if (job === undefined) throw error;
  return { appId, runId: job.runId, job };
}

/** Waits until the installation has begun to run its script; null when it has none. */
async function runOf(session: Session, client: SidecarClient, started: Job): Promise<RunId | null> {
  let job = started;
  if (job.state === "waiting" && !session.json) session.note("It waits for its turn: other installations come first");
  while (isUnderWay(job) && job.runId === null) {
    job = await client.request("jobs.wait", { jobId: job.id, waitMs: LOOK_EVERY_MS });
  }
  if (job.error !== null && job.runId === null) throw fromWireError(job.error);
  if (job.state === "cancelled" && job.runId === null) throw new PinokioError("cancelled", "It was cancelled");
  return job.runId;
}

async function followInstall(session: Session, client: SidecarClient, appId: string, runId: RunId): Promise<ExitCode> {
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
  else if (run.end !== null && run.end.outcome !== "finished") session.note(unfinishedText(appId, run));
  else session.print(`Installed ${appId}. Start it with: pinokiocloud run ${appId}`);
  if (failure !== null && !session.json) session.note(failureText(failure));
  return exitCodeOf(run);
}

/** An app that can be installed in several ways is not, until one of them is named. */
function requireOneWay({ note }: Session, { title, installers }: Inspection): void {
  if (installers.length < 2 || installers.some((installer) => installer.default)) return;
  note(onOneLine(`${title} can be installed in several ways:`));
  for (const { text, script } of installers) note(onOneLine(`  --script "${script}"  ${text}`));
  throw new PinokioError("choice-needed", `Nobody has chosen how to install ${onOneLine(title)}`, {
    hint: "Repeat the command with one of the options above",
  });
}

const unfinishedText = (appId: string, { script, end }: Run): string =>
  `${appId} is not installed yet: ${script} ${end?.outcome === "stopped" ? "was stopped" : `ended as ${end?.outcome}`}\n` +
  `Run it again with: pinokiocloud run ${appId} ${script.slice(appId.length + 1)}`;

function showWarning({ note }: Session, { title, warning }: Inspection, despite: boolean): void {
  if (warning == null) return;
  note(onOneLine(`Warning: ${warning}`));
  if (despite) return;
  throw new PinokioError("warning-unheeded", `${onOneLine(title)} was not installed: the catalog warns of it`, {
    hint: "To install it all the same, repeat the command with --despite-warning",
  });
}

async function askToAgree({ note }: Session, inspection: Inspection): Promise<void> {
  const { title, source, commit, scripts, agreed, movedFrom, repository, secrets = [] } = inspection;
  if (agreed) return;
  note(onOneLine(`${title}'s scripts run as you on this machine.`));
  note(onOneLine(`From    ${source}${commit === null ? "" : ` at ${commit}`}`));
  if (movedFrom != null) note(onOneLine(`Moved   from ${movedFrom} to ${repository ?? ""}`));
  if (secrets.length > 0) note(onOneLine(`Secrets ${secrets.join(", ")}`));
  for (const { path, commands, problem } of scripts) {
    note(onOneLine(`${path}${problem === null ? "" : `  (cannot be read beforehand: ${problem})`}`));
    for (const command of commands) note(`    ${printable(command).replace(/\n/g, "\n    ")}`);
  }
  if (!process.stdin.isTTY) {
    throw new PinokioError("agreement-needed", `Nobody has agreed to what ${onOneLine(title)} will run`, {
      hint: "Read the list above, then repeat the command with --yes",
    });
  }
  const question = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await question.question("Install? [y/N] ");
  question.close();
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new PinokioError("agreement-needed", "Nothing was installed");
}

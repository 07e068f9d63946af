import { normalize, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { SidecarClient } from "../../client/sidecar-client.js";
import type { Inspection } from "../../protocol/apps.js";
import { PinokioError } from "../../protocol/errors.js";
import { appIdOf } from "../../protocol/ids.js";
import { isLive, type Run } from "../../protocol/runs.js";
import { waitAndAnswer } from "../ask/answer-open.js";
import { failureOf } from "../failure-of.js";
import { canAsk } from "../ask/prompt.js";
import { EXIT, exitCodeOf } from "../exit-codes.js";
import { copyOutput } from "../follow-run.js";
import { followSize } from "../follow-size.js";
import type { Session } from "../session.js";
import { errorText, failureText, onOneLine, printable } from "../words.js";
import type { AddCommand } from "./command.js";

interface InstallOptions {
  name?: string;
  script?: string;
  yes?: boolean;
}

export const addInstall: AddCommand = (program, inSession) => {
  program
    .command("install")
    .description("install an app from a folder of this machine")
    .argument("<folder>", "a folder that holds a pinokio.js")
    .option("--name <name>", "the folder name it gets below api/")
    .option("--script <path>", "which of its install scripts to run, when it has several")
    .option("-y, --yes", "agree to what its scripts will run, without being asked")
    .action((folder: string, { name, script, yes = false }: InstallOptions) =>
      inSession(async (session) => {
        const chosen = {
          ...(name === undefined ? {} : { name: appIdOf(name) }),
          ...(script === undefined ? {} : { script: normalize(script) }),
        };
        const client = session.lastingClient();
        const inspection = await client.request("apps.inspect", { source: await sourceOf(client, folder) });
        if (script === undefined) requireOneWay(session, inspection);
        if (!yes) await askToAgree(session, inspection);
        const { appId, runId } = await client.request("apps.install", {
          source: inspection.source,
          agreed: inspection.fingerprint,
          unattended: yes || session.json || !canAsk(),
          ...chosen,
        });
        if (runId === null) {
          session.print(session.json ? JSON.stringify({ appId, run: null }) : `Installed ${appId}`);
          return EXIT.done;
        }
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
      }),
    );
};

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

/** The name of an example stands for its folder; everything else is taken from where the person is. */
async function sourceOf(client: SidecarClient, text: string): Promise<string> {
  if (text.includes("/") || text.startsWith(".")) return resolve(text);
  const entries = await client.request("catalog.list", {});
  return entries.find(({ id }) => id === text)?.source ?? resolve(text);
}

async function askToAgree({ note }: Session, inspection: Inspection): Promise<void> {
  const { title, source, commit, scripts, agreed } = inspection;
  if (agreed) return;
  note(onOneLine(`${title}'s scripts run as you on this machine.`));
  note(onOneLine(`From    ${source}${commit === null ? "" : ` at ${commit}`}`));
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

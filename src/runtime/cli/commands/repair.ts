import { InvalidArgumentError } from "commander";
import { quotedWord } from "../../base/command-words.js";
import type { SidecarClient } from "../../client/sidecar-client.js";
import { PinokioError } from "../../protocol/errors.js";
import type { Failure, Repair, RepairPreview } from "../../protocol/failures.js";
import { outermost, type Run } from "../../protocol/runs.js";
import { canAsk, openPrompt } from "../ask/prompt.js";
import { EXIT } from "../exit-codes.js";
import { failedRun, takenBackText } from "../failed-run.js";
import type { Session } from "../session.js";
import { failureText, onOneLine } from "../words.js";
import { whileRepairing } from "../while-repairing.js";
import type { AddCommand } from "./command.js";
import { sizeText } from "../../protocol/sizes.js";

interface Offer {
  at: number;
  repair: Repair;
  preview: RepairPreview;
}

export const addRepair: AddCommand = (program, inSession) => {
  program
    .command("repair")
    .description("show what can be done about a run that failed, or do it")
    .argument("<run>", "the id of a run, an app, or a script of it (app/start.js): its latest run that failed")
    .argument("[number]", "which of the repairs to carry out", parseNumber)
    .option("-y, --yes", "do not ask before something is removed or moved")
    .action((which: string, number: number | undefined, { yes = false }: { yes?: boolean }) =>
      inSession(async (session) => {
        const client = await session.client();
        const runs = await client.request("runs.list", {});
        const run = failedRun(which, runs);
        const failure = await client.request("runs.diagnose", { runId: run.id });
        const offers = await offersOf(client, run, failure);
        if (number === undefined) {
          if (session.json) session.print(JSON.stringify({ run: run.id, failure, offers }));
          else session.print([offersText(failure, offers), againText(run, runs)].join("\n"));
          return EXIT.done;
        }
        const offer = offers[number - 1];
        if (offer === undefined) throw noSuch(which, number, offers.length);
        return carryOut(session, client, run, offer, yes);
      }),
    );
};

async function carryOut(session: Session, client: SidecarClient, run: Run, offer: Offer, yes: boolean) {
  const { at, repair, preview } = offer;
  if (preview.refused === null && preview.removes.length + preview.moves.length > 0 && !yes) {
    session.note(previewText(preview));
    if (session.json || !canAsk()) {
      throw new PinokioError("request-invalid", `“${repair.label}” removes or moves files and nobody has said yes`, {
        hint: "Look at what it does, then say --yes",
      });
    }
    const answer = await openPrompt(new AbortController().signal).line("Do it? [y/N] ");
    if (!/^y(?:es)?$/i.test(answer.trim())) return EXIT.waiting;
  }
  const given = repair.kind === "set-token" && preview.refused === null ? await tokenFor(repair.params) : undefined;
  const asked = client.request("runs.repair", {
    runId: run.id,
    repair: { at, kind: repair.kind },
    ...(given === undefined ? {} : { given }),
  });
  const result = await whileRepairing(session, client, run.id, asked);
  if (session.json) session.print(JSON.stringify(result));
  else session.print(onOneLine(result.page === null ? result.said : `Go on in your browser: ${result.page}`));
  return result.done ? EXIT.done : EXIT.failed;
}

/** From the environment where nobody can be asked: a token on the command line could be read by everybody. */
async function tokenFor({ name, page }: { name: string; page: string | null }): Promise<string> {
  if (canAsk()) {
    const prompt = openPrompt(new AbortController().signal);
    if (page !== null) prompt.say(`You get one at ${onOneLine(page)}`);
    return prompt.line(`${onOneLine(name)}: `, { secret: true });
  }
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  throw new PinokioError("request-invalid", `${name} was not given`, {
    hint: `Set ${name} in this command's environment, or call it from a terminal`,
  });
}

async function offersOf(client: SidecarClient, run: Run, failure: Failure | null): Promise<Offer[]> {
  return Promise.all(
    (failure?.repairs ?? []).map(async (repair, at) => {
      const choice = { at, kind: repair.kind };
      return { at, repair, preview: await client.request("runs.repairPreview", { runId: run.id, repair: choice }) };
    }),
  );
}

function offersText(failure: Failure | null, offers: readonly Offer[]): string {
  if (failure === null) return "Why it failed is not known: look at its output with `pinokiocloud logs`";
  const shown = offers.map(
    ({ repair, preview }, at) => `${at + 1}. ${onOneLine(repair.label)}\n${previewText(preview)}`,
  );
  return [failureText(failure), ...(shown.length === 0 ? ["There is no repair for it"] : shown)].join("\n");
}

function againText(run: Run, runs: readonly Run[]): string {
  const { failedStep: step, takenBack, appId } = outermost(run, (id) => runs.find((one) => one.id === id) ?? null);
  if (takenBack === true) return takenBackText(appId);
  const command = `pinokiocloud again ${run.id}`;
  if (step === undefined) return `Start it again: ${command}`;
  return `Go on at step ${step.index + 1} of ${step.total}: ${command} --from-failed-step`;
}

const MOST_FILES = 10;

function previewText({ does, removes, moves, refused }: RepairPreview): string {
  if (refused !== null) return `   Not now: ${onOneLine(refused)}`;
  const line = (verb: string) => (file: { path: string; bytes: number }) =>
    `   ${verb} ${onOneLine(file.path)} (${sizeText(file.bytes)})`;
  const files = [...removes.map(line("removes")), ...moves.map(line("puts into the trash"))];
  const more = files.length > MOST_FILES ? [`   and ${files.length - MOST_FILES} more`] : [];
  return [`   ${onOneLine(does)}`, ...files.slice(0, MOST_FILES), ...more].join("\n");
}

const noSuch = (which: string, number: number, count: number): PinokioError =>
  new PinokioError("request-invalid", `There is no repair ${number}: the failure offers ${count}`, {
    hint: `\`pinokiocloud repair ${quotedWord(which)}\` lists them`,
  });

function parseNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("It is not the number of a repair");
  return number;
}

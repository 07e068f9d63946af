import { InvalidArgumentError } from "commander";
import * as z from "zod";
import { PinokioError } from "../../protocol/errors.js";
import { type Question, type Run } from "../../protocol/runs.js";
import { answerOpen, openQuestions } from "../ask/answer-open.js";
import { canAsk } from "../ask/prompt.js";
import { EXIT } from "../exit-codes.js";
import { isMeantBy } from "../runs-meant.js";
import { onOneLine } from "../words.js";
import type { AddCommand } from "./command.js";

export const addAnswer: AddCommand = (program, inSession) => {
  program
    .command("answer")
    .description("answer what a run asks")
    .argument("<run>", "the id of a run, an app, or a script of it (app/start.js)")
    .argument("[json]", "the answer; without it you are asked here", parseAnswer)
    .option("--question <id>", "which of several questions; default: the oldest")
    .action((which: string, value: [unknown] | undefined, { question: wanted }: { question?: string }) =>
      inSession(async (session) => {
        const client = await session.client();
        const open = openFor(which, await client.request("runs.list", {}));
        const found = wanted === undefined ? open[0] : open.find(({ question }) => question.id === wanted);
        if (found === undefined) {
          throw new PinokioError(
            "request-invalid",
            `${which} asks nothing${wanted === undefined ? "" : " of that id"}`,
            {
              hint: "`pinokiocloud status` shows what waits",
            },
          );
        }
        const { run, question } = found;
        if (value !== undefined) {
          const sent = z.json().parse(value[0]);
          await client.request("runs.answer", { runId: run.id, question: question.id, value: sent });
          if (session.json) session.print(JSON.stringify({ run: run.id, question: question.id }));
          return EXIT.done;
        }
        if (session.json || !canAsk()) {
          session.print(session.json ? JSON.stringify({ run: run.id, question }) : questionText(run, question));
          return EXIT.waiting;
        }
        return (await answerOpen(session, client, run.id)) ? EXIT.done : EXIT.waiting;
      }),
    );
};

function openFor(which: string, runs: readonly Run[]): { run: Run; question: Question }[] {
  const meant = runs.filter(isMeantBy(which));
  const all = meant.flatMap(({ id }) => openQuestions(id, runs));
  return all.filter(({ question }, at) => all.findIndex((other) => other.question.id === question.id) === at);
}

const questionText = (run: Run, question: Question): string =>
  onOneLine(`${run.id}  ${run.script}  ${question.kind}  ${JSON.stringify(question.params)}`);

/** In a list of one: commander takes a null for no value. */
function parseAnswer(text: string): [unknown] {
  try {
    return [JSON.parse(text)];
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

import type * as z from "zod";
import type { Question, Run } from "../../runtime/protocol/runs.js";
import { scriptName } from "../app-condition.js";
import { useAction, useHost, useObstacle } from "../host.js";
import { ErrorCard } from "../parts/error-card.js";
import { Icon } from "../parts/icon.js";
import { kindOf } from "./index.js";

type Json = z.infer<ReturnType<typeof z.json>>;

/** What these runs ask, each with what answers it. Answered by somebody else, it goes away here too. */
export function QuestionsOf({ runs }: { runs: readonly Run[] }) {
  return runs.flatMap((run) =>
    (run.questions ?? []).map((question) => <Asked key={question.id} run={run} question={question} />),
  );
}

function Asked({ run, question }: { run: Run; question: Question }) {
  const { client, t } = useHost();
  const obstacle = useObstacle();
  const action = useAction();
  const { View } = kindOf(question.kind);
  const answer = (value: unknown) =>
    action.start(async () => {
      const sent = { runId: run.id, question: question.id, value: value as Json };
      await client.request("runs.answer", sent);
    });
  return (
    <section className="pk-ask" aria-label={t("{script} asks", { script: scriptName(run) })}>
      <p className="pk-ask-from">
        <Icon name="question" />
        {t("{script} waits for you", { script: scriptName(run) })}
      </p>
      <View run={run} question={question} obstacle={obstacle} busy={action.busy} answer={answer} />
      {action.error === null ? null : <ErrorCard error={action.error} onDismiss={action.dismiss} />}
    </section>
  );
}
